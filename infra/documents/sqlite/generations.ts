import type { SQLOutputValue } from 'node:sqlite';
import type {
  CheckpointMove,
  Generation,
  GenerationRef,
  GenerationState,
  NewGeneration,
  SinkKind,
} from '../sink.port.ts';
import type { ReadModelFile } from './read-model-file.ts';
import { asNumber, asPosition, asText } from './sql-values.ts';

/** Where a generation's data lies. */
export type Located = { readonly key: number; readonly kind: SinkKind; readonly state: GenerationState };

const states: readonly GenerationState[] = ['building', 'live', 'retained', 'dropped'];
const kinds: readonly SinkKind[] = ['documents', 'search', 'audit'];
const oneOf = <T extends string>(allowed: readonly T[], value: string): T => {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`unknown ${value} in the read models`);
  return found;
};

const columns =
  'projection, generation, version, state, cast(checkpoint AS TEXT) checkpoint, cast(born_at AS TEXT) born_at';
const read = (row: Record<string, SQLOutputValue>): Generation => ({
  projection: asText(row.projection),
  generation: asNumber(row.generation),
  version: asNumber(row.version),
  state: oneOf(states, asText(row.state)),
  checkpoint: asPosition(row.checkpoint),
  bornAt: asPosition(row.born_at),
});

/** The register of generations. Its writes belong into a transaction of the caller's. */
export const generationRegister = (file: ReadModelFile) => {
  /** Key of the live generation by projection; undefined: none. Emptied by whatever changes a state. */
  const liveKeys = new Map<string, number | undefined>();

  const find = (ref: GenerationRef): Located | undefined => {
    const row = file
      .prepare('SELECT key, kind, state FROM generations WHERE projection = ? AND generation = ?')
      .get(ref.projection, ref.generation);
    if (row === undefined) return undefined;
    return { key: asNumber(row.key), kind: oneOf(kinds, asText(row.kind)), state: oneOf(states, asText(row.state)) };
  };

  const locate = (ref: GenerationRef): Located => {
    const found = find(ref);
    if (found === undefined) throw new Error(`${ref.projection} has no generation ${ref.generation}`);
    return found;
  };

  const setState = (key: number, state: GenerationState): void => {
    liveKeys.clear();
    file.prepare('UPDATE generations SET state = ? WHERE key = ?').run(state, key);
  };

  return {
    find,
    locate,
    setState,
    list: (projection: string | undefined): readonly Generation[] =>
      file
        .prepare(
          `SELECT ${columns} FROM generations WHERE ?1 IS NULL OR projection = ?1 ORDER BY projection, generation`,
        )
        .all(projection ?? null)
        .map(read),
    /** Answers the key for its tables. */
    add: (of: Omit<NewGeneration, 'state' | 'indexes'> & { readonly state: GenerationState }): number => {
      liveKeys.clear();
      const insert = file.prepare(
        'INSERT INTO generations (projection, generation, version, kind, state, born_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING key',
      );
      return asNumber(insert.get(of.projection, of.generation, of.version, of.kind, of.state, of.bornAt ?? null)?.key);
    },
    /** False: it was left as it is, for its checkpoint is another one or it is gone. */
    moveCheckpoint: ({ ref: { projection, generation }, after, checkpoint }: CheckpointMove): boolean =>
      Number(
        file
          .prepare(
            "UPDATE generations SET checkpoint = ? WHERE projection = ? AND generation = ? AND state <> 'dropped' AND checkpoint IS ?",
          )
          .run(checkpoint, projection, generation, after ?? null).changes,
      ) === 1,
    liveKey: (projection: string): number | undefined => {
      if (!liveKeys.has(projection)) {
        const row = file.prepare("SELECT key FROM generations WHERE projection = ? AND state = 'live'").get(projection);
        liveKeys.set(projection, row === undefined ? undefined : asNumber(row.key));
      }
      return liveKeys.get(projection);
    },
    checkpointOf: (key: number): bigint | undefined =>
      asPosition(
        file.prepare('SELECT cast(checkpoint AS TEXT) checkpoint FROM generations WHERE key = ?').get(key)?.checkpoint,
      ),
    /** After a rolled back transaction what was remembered may be wrong. */
    forget: (): void => liveKeys.clear(),
  };
};
export type GenerationRegister = ReturnType<typeof generationRegister>;
