import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { Desk, Reactor, Task } from './reactor.ts';

type Deps = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly desk: Desk;
  readonly reactors: readonly Reactor[];
  readonly log: FastifyBaseLogger;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at the desk, default 200. */
  readonly deskEveryMs?: number;
};

type Retry = { readonly tries: number; readonly notBefore: number; readonly lastAnswer: string };

export type ReactorStatus = Task & Retry;

const deskLimit = 200;
const nameOf = ({ process, key }: Task): string => `${process}:${key}`;

/**
 * Drives the reactors: at once when an event concerns a thing, and from the desk when its time has come, which is also
 * how a restarted worker takes up everything that was under way. One thing is driven by one drive at a time; what fails is
 * driven again with growing pauses, for ever, and shows in `status`.
 */
export const startReactors = (deps: Deps) => {
  const { clock, log, signal } = deps;
  const reactors = new Map(deps.reactors.map((reactor) => [reactor.process, reactor]));
  /** Under way; `true`: something new happened meanwhile, drive once more. */
  const running = new Map<string, boolean>();
  const drives = new Set<Promise<void>>();
  const retries = new Map<string, Task & Retry>();

  /** Cancels of the pauses under way. */
  const pauses = new Set<() => void>();
  const endPauses = (): void => {
    for (const cancel of pauses) cancel();
  };
  signal.addEventListener('abort', endPauses, { once: true });

  const failed = (task: Task, error: unknown): void => {
    const tries = (retries.get(nameOf(task))?.tries ?? 0) + 1;
    const pause = Math.min(30_000, 100 * 2 ** Math.min(tries, 9));
    const lastAnswer = error instanceof Error ? error.message : String(error);
    const notBefore = clock.now() + Math.ceil(pause * (0.5 + deps.random.fraction() / 2));
    retries.set(nameOf(task), { ...task, tries, lastAnswer, notBefore });
    log.warn({ err: error, ...task, tries }, 'reactor will try again');
    const cancel = clock.schedule(notBefore - clock.now(), () => {
      pauses.delete(cancel);
      drive(task);
    });
    pauses.add(cancel);
  };

  const run = async (task: Task, reactor: Reactor): Promise<void> => {
    const name = nameOf(task);
    do {
      running.set(name, false);
      try {
        await reactor.drive(task.key);
        retries.delete(name);
      } catch (error) {
        if (!signal.aborted) failed(task, error);
        break;
      }
    } while (running.get(name) === true && !signal.aborted);
    running.delete(name);
  };

  const drive = (task: Task): void => {
    const reactor = reactors.get(task.process);
    if (reactor === undefined || signal.aborted) return;
    const name = nameOf(task);
    if (running.has(name)) {
      running.set(name, true);
      return;
    }
    const driven: Promise<void> = run(task, reactor).finally(() => drives.delete(driven));
    drives.add(driven);
  };

  const again = async (what: string, loop: () => Promise<void>): Promise<void> => {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        await loop();
      } catch (error) {
        log.error({ err: error }, `${what} stopped, starting again`);
        await clock.sleep(Math.min(5_000, 100 * 2 ** Math.min(tries, 6)) * (0.5 + deps.random.fraction() / 2), signal);
      }
    }
  };

  /** From the head: what came before is on the desk. */
  const follow = async (): Promise<void> => {
    const head = await deps.store.head();
    for await (const batch of deps.store.subscribe({ ...(head === undefined ? {} : { after: head }), signal })) {
      for (const decoded of await deps.codec.decode(batch.events)) {
        if (!decoded.ok) continue; // The projections park poison events; no reactor acts on what it can't read.
        for (const reactor of reactors.values()) {
          for (const key of reactor.concerns(decoded.event)) drive({ process: reactor.process, key });
        }
      }
    }
  };

  const watchDesk = async (): Promise<void> => {
    while (!signal.aborted) {
      const now = clock.now();
      // What waits for its next try stays due: so many more are asked for, or they would hide what comes behind them.
      for (const task of await deps.desk.due(now, deskLimit + retries.size)) {
        if ((retries.get(nameOf(task))?.notBefore ?? 0) <= now) drive(task);
      }
      await clock.sleep(deps.deskEveryMs ?? 200, signal);
    }
  };

  const loops = Promise.all([again('reactor subscription', follow), again('saga desk', watchDesk)]);
  return {
    /** Drives it at once, whatever it waits for. */
    drive,
    /** What keeps failing, with its last answer. */
    status: (): readonly ReactorStatus[] => [...retries.values()],
    /** Resolves after the abort, when the loops and the drives under way have ended. */
    stopped: loops.then(async () => {
      await Promise.all(drives);
    }),
  };
};
