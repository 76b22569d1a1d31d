import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ReadModelClock } from '../../infra/documents/port.ts';
import type { Projection } from '../definition.ts';
import { usesOf, type World } from './engine-world.ts';
import { startProjections } from './start-projections.ts';
import type { ProjectionStatus } from './status.ts';

export type Engine = {
  readonly clock: ReadModelClock;
  /** `name generation` of every switch that was announced. */
  readonly switched: readonly string[];
  /** Ids of the persons of whose erasure it told. */
  readonly erased: readonly string[];
  /** Resolves at the next warning that is logged. */
  warned(): Promise<void>;
};
type Definition = ReturnType<typeof usesOf>;
type Files = { readonly world: World; close(): Promise<void> };

const forever = 2 ** 40;

/** What specs of the engine work with: a log and read models in a folder of their own for each test, and at most one engine. */
export const engineSpec = (openFiles: (folder: string) => Files) => {
  let folder = '';
  let files: Files | undefined;
  let engine: (Engine & { status(): Promise<readonly ProjectionStatus[]>; stop(): Promise<void> }) | undefined;

  const world = (): World => {
    if (files === undefined) throw new Error('no world is open');
    return files.world;
  };
  const running = () => {
    if (engine === undefined) throw new Error('no engine runs');
    return engine;
  };
  const stop = async (): Promise<void> => {
    await engine?.stop();
    engine = undefined;
  };
  const reopen = async (): Promise<void> => {
    await stop();
    await files?.close();
    files = openFiles(folder);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    files = openFiles(folder);
  });
  afterEach(async () => {
    await stop();
    await files?.close();
    rmSync(folder, { recursive: true });
  });

  return {
    world,
    stop,
    /** Ends the engine where it stands and opens the files again. */
    reopen,
    /** Starts the engine; parts of the world can be replaced by faulty ones. */
    start: async (
      definitions: readonly Definition[] = [usesOf()],
      replaced: Partial<Pick<World, 'store' | 'sink'>> = {},
    ): Promise<Engine> => {
      const abort = new AbortController();
      const switched: string[] = [];
      const erased: string[] = [];
      let warnings: (() => void)[] = [];
      const { store, sink, documents, codec, audit, clock, random } = { ...world(), ...replaced };
      const list: readonly Projection[] = definitions;
      const projections = await startProjections({
        ...{ definitions: list, store, codec, audit, documents, clock, random, signal: abort.signal },
        sinks: { documents: sink, search: sink, audit: sink },
        log: {
          info: () => {},
          warn: () => {
            for (const resolve of warnings) resolve();
            warnings = [];
          },
        },
        onSwitched: async (name, generation) => {
          switched.push(`${name} ${generation}`);
        },
        erased: (personId) => {
          erased.push(personId);
        },
      });
      engine = {
        ...projections,
        ...{ switched, erased },
        warned: () => new Promise((resolve) => warnings.push(resolve)),
        stop: async () => {
          abort.abort();
          await projections.stopped;
        },
      };
      return engine;
    },
    /** Resolves when the projections (`uses` and the audit index unless named) have the position. */
    reached: (position: bigint, ...names: string[]): Promise<boolean> =>
      running().clock.reached(names.length === 0 ? ['uses', 'audit'] : names, position, forever),
    held: async (code: string, name = 'uses'): Promise<unknown> => (await world().documents.get(name, code))?.held,
    statusOf: async (name = 'uses') => (await running().status()).find((each) => each.name === name),
    /** Resolves once a condition holds; every turn of the event loop is a chance for it. */
    eventually: async (holds: (engine: Engine) => boolean | Promise<boolean>): Promise<void> => {
      while (!(await holds(running()))) await new Promise((resolve) => setImmediate(resolve));
    },
  };
};
