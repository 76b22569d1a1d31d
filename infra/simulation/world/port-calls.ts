import { StoreUnavailable } from '../../event-store/port.ts';
import { ProviderUnavailable } from '../../payments/port.ts';
import { forever, type Life } from './life.ts';
import type { PortName } from './weather.ts';
import type { World } from './world.ts';

/** A crash that is waiting for its moment: at so many calls from now, before or after the effect. */
export type Ambush = { calls: number; readonly after: boolean; readonly spring: () => void };

/** The ports of one process, as the world lets it reach them. */
export type PortCalls = {
  /** One call. Never settles for a dead process. @throws what a port throws when it does not answer */
  call<T>(port: PortName, name: string, effect: (() => Promise<T>) | undefined, work: () => Promise<T>): Promise<T>;
  /** The port with every method that answers a promise, or something to iterate over, going through `call`. */
  through<T extends object>(port: PortName, target: T, effects: readonly string[]): T;
  lieInWait(ambush: Ambush): void;
};

const unavailable = (port: PortName): Error => {
  if (port === 'store') return new StoreUnavailable('the simulated store does not answer');
  if (port === 'provider') return new ProviderUnavailable('the simulated provider does not answer');
  return new Error(`${port}: no answer`);
};

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** How long after its caller gave up a call may still take effect, and which calls may: those that the caller guards against it. */
const latestMs = 20_000;
const mayBeLate: ReadonlySet<string> = new Set([
  'store.append',
  'readModels.write',
  'readModels.advance',
  'mail.send',
  'provider.charge',
  'provider.confirmCharge',
  'provider.abandonCharge',
  'provider.refund',
  'provider.payOut',
  'provider.submitEvidence',
]);

export const portCalls = (world: World, life: Life): PortCalls => {
  const { weather, draw, timeline, trace } = world;
  const ambushes = new Set<Ambush>();

  const passed = (after: boolean): void => {
    for (const ambush of ambushes) {
      if (ambush.after !== after) continue;
      ambush.calls -= 1;
      if (ambush.calls > 0) continue;
      ambushes.delete(ambush);
      ambush.spring();
    }
  };

  const call: PortCalls['call'] = async (port, name, effect, work) => {
    if (!life.alive()) return forever();
    const what = `${port}.${name}`;
    trace.mark(`${timeline.now()} ${what}`);
    const { before, after, outcome } = weather.fate(port, effect !== undefined);
    if (effect !== undefined) passed(false);
    // Appends keep the order of the calls: they take their time at the disk.
    if (before > 0 && what !== 'store.append') await life.wait(before);
    if (!life.alive()) return forever();
    if (outcome === 'refused' || outcome === 'late') {
      const late = outcome === 'late' && effect !== undefined && mayBeLate.has(what);
      trace.note(timeline.now(), `    ${what} gets no answer${late ? ', and is done later' : ''}`);
      if (late) {
        const cuts = world.readModels.powerCuts();
        const reaches = (): boolean => port !== 'readModels' || world.readModels.powerCuts() === cuts;
        timeline.after(after + draw.between(0, latestMs), () => void (reaches() && effect().catch(() => {})));
      }
      await life.wait(after);
      throw unavailable(port);
    }
    let answer: Awaited<ReturnType<typeof work>>;
    try {
      answer = await work();
    } catch (error) {
      if (!life.alive()) return forever();
      throw error;
    }
    if (effect !== undefined) passed(true);
    if (after > 0) await life.wait(after);
    if (!life.alive()) return forever();
    if (outcome === 'lost') {
      trace.note(timeline.now(), `    ${what} is done, its answer is lost`);
      throw unavailable(port);
    }
    return answer;
  };

  async function* passing(port: PortName, name: string, source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const iterator = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await call(port, name, undefined, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  return {
    call,
    through: (port, target, effects) => {
      const passages = new Map<string | symbol, unknown>();
      return new Proxy(target, {
        get: (_target, name) => {
          const known = passages.get(name);
          if (known !== undefined) return known;
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          const changes = effects.includes(String(name));
          const generates = member.constructor.name === 'AsyncGeneratorFunction';
          const passage = (...given: readonly unknown[]): unknown => {
            const run = (): unknown => Reflect.apply(member, target, given);
            if (generates) {
              const source = run();
              return isIterable(source) ? passing(port, String(name), source) : source;
            }
            const begun = async (): Promise<unknown> => run();
            return call(port, String(name), changes ? begun : undefined, begun);
          };
          passages.set(name, passage);
          return passage;
        },
      });
    },
    lieInWait: (ambush) => {
      ambushes.add(ambush);
    },
  };
};
