import { type Decider, fold } from './decider.ts';
import { DomainError, type ErrorCode } from './errors.ts';

type Outcome<E> = { readonly events: readonly E[] } | { readonly refused: DomainError };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const show = (value: unknown): string => JSON.stringify(value, null, 2);

/**
 * Given/when/then for deciders: `given(coupon, created, reserved).when(command).then(event)`,
 * `.thenRefused('COUPON_EXHAUSTED')`, `.thenNothing()`. Throws with both sides when they differ.
 */
export const given = <C, S, E>(decider: Decider<C, S, E>, ...history: readonly E[]) => ({
  state: (): S => fold(decider, history),
  when: (command: C) => {
    const before = fold(decider, history);
    const outcome: Outcome<E> = (() => {
      try {
        return { events: decider.decide(command, before) };
      } catch (error) {
        if (error instanceof DomainError) return { refused: error };
        throw error;
      }
    })();
    const events = (): readonly E[] => {
      if ('refused' in outcome)
        throw new Error(`expected events, was refused: ${outcome.refused.code} ${outcome.refused.message}`);
      return outcome.events;
    };
    return {
      /** The exact events, in order. */
      then: (...expected: readonly E[]): void => {
        if (!same(events(), expected)) throw new Error(`expected ${show(expected)}\nbut got ${show(events())}`);
      },
      thenNothing: (): void => {
        if (events().length > 0) throw new Error(`expected no events but got ${show(events())}`);
      },
      thenRefused: (code: ErrorCode): void => {
        if (!('refused' in outcome)) throw new Error(`expected refusal ${code} but got ${show(outcome.events)}`);
        if (outcome.refused.code !== code) throw new Error(`expected refusal ${code} but got ${outcome.refused.code}`);
      },
      events,
      state: (): S => fold(decider, events(), before),
    };
  },
});
