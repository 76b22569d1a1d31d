import type { Clock } from '../../infra/clock/port.ts';

const windowMs = 10_000;

/** Events a second, over the last ten seconds. */
export type Rate = { add(events: number): void; perSecond(): number };

export const rate = (clock: Clock): Rate => {
  let counts: { readonly second: number; events: number }[] = [];
  const secondNow = (): number => Math.floor(clock.now() / 1000);
  const current = () => counts.filter((each) => each.second > secondNow() - windowMs / 1000);
  return {
    add: (events) => {
      const last = counts.at(-1);
      if (last?.second === secondNow()) last.events += events;
      else counts = [...current(), { second: secondNow(), events }];
    },
    perSecond: () => (current().reduce((sum, each) => sum + each.events, 0) * 1000) / windowMs,
  };
};
