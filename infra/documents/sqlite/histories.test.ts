import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StaleCheckpoint } from '../sink.port.ts';
import { openSqliteHistories } from './open-histories.ts';
import { openSqliteReadModels, type ReadModels } from './open-read-models.ts';

const first = { projection: 'things', generation: 1 };
const second = { projection: 'things', generation: 2 };
const begun = { version: 1, kind: 'documents', indexes: [], bornAt: undefined } as const;

let dir: string;
let models: ReadModels;
let histories: ReturnType<typeof openSqliteHistories>;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'histories-'));
  models = openSqliteReadModels({ file: join(dir, 'models') });
  await models.sink.create({ ...first, ...begun, state: 'live' });
  histories = openSqliteHistories({ file: join(dir, 'models') });
});
afterEach(() => {
  histories.close();
  models.close();
  rmSync(dir, { recursive: true });
});

const write = (
  of: typeof first,
  checkpoint: bigint,
  after: bigint | undefined,
  ...touched: readonly [string, bigint][]
) =>
  models.sink.write(of, {
    ...{ puts: [], removes: [], deadLetters: [], after, checkpoint },
    touched: touched.map(([id, position]) => ({ id, position })),
  });
const positions = async (id: string, before = 100n) => (await histories.find('things', 1, id, before))?.positions;

it('a document has the events that were applied to it, in log order, before a position', async () => {
  await write(first, 5n, undefined, ['a', 2n], ['b', 2n], ['a', 5n]);
  await write(first, 9007199254740993n, 5n, ['a', 3n], ['a', 9007199254740993n]); // 3: it was parked until now
  expect(await positions('a', 2n ** 62n)).toEqual([2n, 3n, 5n, 9007199254740993n]);
  expect(await positions('a', 5n)).toEqual([2n, 3n]);
  expect([await positions('b'), await positions('c')]).toEqual([[2n], []]);
});

it('the history moves with the checkpoint: a batch that is refused leaves nothing of it', async () => {
  await write(first, 5n, undefined, ['a', 5n]);
  await expect(write(first, 6n, 4n, ['a', 6n])).rejects.toThrow(StaleCheckpoint);
  expect(await histories.find('things', 1, 'a', 100n)).toEqual({
    ...{ generation: first, checkpoint: 5n, positions: [5n] },
    waiting: { streams: [], documents: [] },
  });
});

it('it is told by the generation of the version asked for that goes the furthest, and ends with it', async () => {
  await write(first, 5n, undefined, ['a', 5n]);
  await models.sink.create({ ...second, ...begun, state: 'building' });
  await write(second, 3n, undefined, ['a', 3n]);
  expect((await histories.find('things', 1, 'a', 100n))?.generation).toEqual(first);
  await write(second, 7n, 3n, ['a', 5n], ['a', 7n]);
  expect(await positions('a')).toEqual([3n, 5n, 7n]);
  await models.sink.drop(second);
  expect(await positions('a')).toEqual([5n]);
  expect(await histories.find('things', 2, 'a', 100n)).toBeUndefined();
  expect(await histories.find('others', 1, 'a', 100n)).toBeUndefined();
});

it('says what waits behind dead letters', async () => {
  const letter = (id: string, documentId: string | null) => ({
    ...{ ...first, id, documentId, position: 5n, stream: `s-${id}`, revision: 0n, eventId: 'e', eventType: 'T' },
    ...{ reason: 'r', parkedAt: 1 },
  });
  await models.sink.park([letter('1', null), letter('2', 'a')]);
  expect((await histories.find('things', 1, 'a', 100n))?.waiting).toEqual({ streams: ['s-1'], documents: ['a'] });
});

it('a generation from before there were histories stays without one until it is built again', async () => {
  const db = new DatabaseSync(join(dir, 'models'));
  db.exec('DROP TABLE history_1');
  db.close();
  await write(first, 5n, undefined, ['a', 5n]);
  expect((await models.sink.generations('things'))[0]?.checkpoint).toBe(5n);
  expect(await histories.find('things', 1, 'a', 100n)).toBeUndefined();
  await models.sink.create({ ...second, ...begun, state: 'building' });
  await write(second, 7n, undefined, ['a', 7n]);
  await models.sink.activate(second);
  await models.sink.drop(first);
  expect(await positions('a')).toEqual([7n]);
});
