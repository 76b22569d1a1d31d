import type { PaymentProvider } from '../payments/port.ts';
import type { Ports } from './ports.ts';
import { forever } from './test-door.ts';

/** A process that dies at its N-th effect. */
export type Crash = {
  /** Puts it between a system and its ports. */
  readonly wrap: (ports: Ports) => Ports;
  /** Resolves when it died. */
  readonly died: Promise<void>;
  /** Ends it here and now. */
  readonly kill: () => void;
  /** What it died at; undefined: it lives. */
  readonly diedAt: () => string | undefined;
  /** Moments at which it could have died so far: two an effect, before it and after it. */
  readonly moments: () => number;
  /** From now on moments count (the start of a system is no part of the story). */
  readonly arm: () => void;
  /** The provider as everybody else reaches it. @throws Error before the system started */
  readonly provider: () => PaymentProvider;
  /** Closes the files of the dead. What it had handed to the disk before it died may still arrive there, as in life. */
  readonly bury: () => Promise<void>;
};

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** What a call of the dead gives: a promise, or something to iterate over, without end. */
const unanswered = () => Object.assign(forever(), { [Symbol.asyncIterator]: () => ({ next: forever }) });

/**
 * Dies before or after the `moment`-th (1, 2, …) effect: an append, a provider's call, an object or a secret written; or at
 * the first that is called so (`before append order-…`).
 * From then on none of its calls reaches a port any more, and none of those under way is answered.
 */
export const crashAt = (moment: number | ((where: string) => boolean)): Crash => {
  const isIt = (where: string): boolean => (typeof moment === 'number' ? moments === moment : moment(where));
  let armed = false;
  let moments = 0;
  let diedAt: string | undefined;
  let outside: PaymentProvider | undefined;
  let graves: readonly (() => unknown)[] = [];
  const open = new Set<AsyncIterator<unknown>>();
  const { promise: died, resolve } = Promise.withResolvers<void>();

  const die = (where: string): void => {
    diedAt = where;
    resolve();
  };
  const pass = async (where: string): Promise<void> => {
    if (diedAt === undefined && armed) {
      moments += 1;
      if (isIt(where)) die(where);
    }
    if (diedAt !== undefined) await forever();
  };
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (diedAt !== undefined) return forever();
    try {
      const answer = await work();
      return diedAt === undefined ? answer : await forever<T>();
    } catch (error) {
      if (diedAt !== undefined) return forever();
      throw error;
    }
  };
  const effect = async (name: string, work: () => Promise<unknown>): Promise<unknown> => {
    await pass(`before ${name}`);
    const answer = await alive(work);
    await pass(`after ${name}`);
    return answer;
  };
  async function* living(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const iterator = source[Symbol.asyncIterator]();
    open.add(iterator);
    try {
      for (;;) {
        const next = await alive(() => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      open.delete(iterator);
      await iterator.return?.();
    }
  }

  /** The port, of a process that may be dead; the methods named have effects. */
  const mortal = <T extends object>(port: T, effects: readonly string[] = []): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(member, target, given);
          if (effects.includes(String(name))) {
            const first = typeof given[0] === 'string' ? given[0] : '';
            return effect(`${String(name)} ${first}`, async () => call());
          }
          if (diedAt !== undefined) return unanswered();
          const answer = call();
          if (answer instanceof Promise) return alive(() => answer);
          return isIterable(answer) ? living(answer) : answer;
        };
      },
    });

  const wrap = (ports: Ports): Ports => {
    const { store, readModels, secrets } = ports;
    graves = [store.close, readModels.close, secrets.close];
    return {
      ...ports,
      store: mortal(store, ['append']),
      readModels: {
        documents: mortal(readModels.documents),
        sink: mortal(readModels.sink),
        search: (projection) => mortal(readModels.search(projection)),
        audit: (projection) => mortal(readModels.audit(projection)),
        close: readModels.close,
      },
      secrets: mortal(secrets, ['put']),
      objects: mortal(ports.objects, ['put', 'write']),
      payments: (deliver) => {
        const { provider, simulator } = ports.payments(deliver);
        const calls = ['charge', 'confirmCharge', 'abandonCharge', 'refund', 'payOut'];
        outside = provider;
        if (simulator === undefined) throw new Error('only a simulated provider outlives its caller in a test');
        // Closing waits for the deliveries under way, which the dead never take: it is not waited for.
        graves = [...graves, () => void simulator.close()];
        return { provider: readingAlways(mortal(provider, calls), provider), simulator };
      },
    };
  };

  return {
    ...{ wrap, died },
    kill: () => die('a kill'),
    diedAt: () => diedAt,
    moments: () => moments,
    provider: () => {
      if (outside === undefined) throw new Error('the system was not started');
      return outside;
    },
    arm: () => {
      armed = true;
    },
    bury: async () => {
      for (const close of graves) await close();
      // Their files close with them; a read that the closing interrupted fails, which the dead do not hear.
      await Promise.allSettled([...open].map((iterator) => iterator.return?.()));
    },
  };
};

/** Reading a webhook is no call: it answers at once. */
const readingAlways = <T extends { readonly readWebhook: unknown }>(mortal: T, provider: T): T =>
  new Proxy(mortal, { get: (target, name) => Reflect.get(name === 'readWebhook' ? provider : target, name) });
