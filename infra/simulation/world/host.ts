import type { Config } from '../../config/config.ts';
import type { SharedDoor } from './door.ts';
import { type Process, startProcess } from './process.ts';
import type { World } from './world.ts';

export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
};
export type Reply = {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
};

/** The machine that the system runs on: it starts the process again after it ended. */
export type Host = {
  start(): void;
  /** Resolves with undefined when no answer came: nobody was there, or the process ended, or it took too long. */
  send(request: Request): Promise<Reply | undefined>;
  /** Ends the process; it is started again `forMs` later. Of what was not synced `kept` says how much survives. */
  crash(why: string, forMs: number, powerCut: boolean): void;
  /** Calls `end` when the next power cut loses what was not synced: whatever else runs on the machine ends with the process. */
  beforePowerCut(end: () => void): void;
  /** The process that serves now. */
  serving(): Process | undefined;
  /** Starts since the beginning. */
  starts(): number;
};

/** When a client gives up on an answer. */
const patienceMs = 15_000;
const restartMs = 1_000;
/** Every so often the operating system writes out what it was given. */
const syncEveryMs = 2_000;

export const openHost = (world: World, config: Config, door: SharedDoor): Host => {
  const { timeline, trace, draw } = world;
  let process: Process | undefined;
  let serving: Process | undefined;
  let starts = 0;
  let others: (() => void)[] = [];

  const start = (): void => {
    starts += 1;
    trace.note(timeline.now(), `*** process ${starts} starts`);
    const started = startProcess(world, config, door);
    process = started;
    started.started.then(
      () => {
        trace.note(timeline.now(), `*** process ${starts} serves`);
        if (process === started) serving = started;
      },
      (error) => {
        trace.note(timeline.now(), `*** process ${starts} could not start: ${String(error)}`);
        if (process === started) crash('it could not start', restartMs, false);
      },
    );
  };

  const crash: Host['crash'] = (why, forMs, powerCut) => {
    if (process === undefined) return;
    const { life, store } = process;
    if (powerCut) {
      for (const end of others) end();
      others = [];
    }
    life.die();
    process = undefined;
    serving = undefined;
    world.deliverTo(undefined);
    const kept = draw.between(0, store.unsynced());
    const lost = powerCut ? draw.between(0, world.readModels.unsynced()) : 0;
    trace.note(
      timeline.now(),
      `*** ${why}: ${kept} of ${store.unsynced()} unsynced appends kept, ${lost} batches lost`,
    );
    store.crash(kept);
    world.readModels.loseLast(lost);
    timeline.after(forMs, start);
  };

  const syncing = (): void => {
    world.readModels.sync();
    timeline.after(syncEveryMs, syncing);
  };
  syncing();

  const send: Host['send'] = async ({ method, url, headers, payload }) => {
    const now = serving;
    if (now === undefined) return undefined;
    // A paused process reads what was sent to it when its pause is over.
    const answered = now.life
      .wait(0)
      .then(() => door.app().inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) }));
    const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<undefined>();
    const cancel = timeline.after(patienceMs, () => giveUp(undefined));
    const reply = await Promise.race([answered, gaveUp, now.life.died.then(() => undefined)]);
    cancel();
    return reply && { status: reply.statusCode, text: reply.body, headers: reply.headers };
  };

  const beforePowerCut: Host['beforePowerCut'] = (end) => {
    others.push(end);
  };

  return { start, send, crash, beforePowerCut, serving: () => serving, starts: () => starts };
};
