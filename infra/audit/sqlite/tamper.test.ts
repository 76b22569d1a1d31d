import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditFold } from '../../../projections/engine/audit-rows.ts';
import { type ManualClock, manualClock } from '../../clock/manual-clock.ts';
import { openSqliteReadModels, type ReadModels } from '../../documents/sqlite/open-read-models.ts';
import { openSqliteEventStore, type SqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../random/seeded-random.ts';
import { openSqliteSecrets } from '../../secrets/sqlite/open-sqlite-secrets.ts';
import { auditProof } from '../audit-proof.ts';
import { headSigner } from '../head-signer.ts';
import type { AuditProof, HeadSigner, SignedHeads } from '../proof.port.ts';
import { openSignedHeads } from './signed-heads.ts';

const ref = { projection: 'audit', generation: 1 };
const events = 12;
const bytes = (text: string) => new TextEncoder().encode(text);

let dir: string;
let clock: ManualClock;
let signer: HeadSigner;
let heads: SignedHeads;
let original: ReadModels;
let proof: AuditProof;
const opened: (SqliteEventStore | ReadModels)[] = [];

/** Numbers what the index does not have of the log. */
const index = async (store: SqliteEventStore, models: ReadModels): Promise<void> => {
  const known = (await models.sink.generations('audit'))[0];
  if (known === undefined)
    await models.sink.create({ ...ref, version: 1, kind: 'audit', indexes: [], state: 'live', bornAt: undefined });
  let after = known?.checkpoint;
  for await (const page of store.readAll(after === undefined ? { batchSize: 5 } : { after, batchSize: 5 })) {
    const read = page.map((stored) => ({ ok: false, stored, kind: 'broken', reason: '' }) as const);
    const { puts } = await auditFold(read, async () => new Map(), { streams: new Set(), documents: new Set() });
    const checkpoint = page.at(-1)?.position ?? 0n;
    await models.sink.write(ref, { puts, removes: [], deadLetters: [], after, checkpoint });
    after = checkpoint;
  }
};

const openStore = (name: string): SqliteEventStore => {
  const store = openSqliteEventStore({ file: join(dir, name), clock, durable: false });
  opened.push(store);
  return store;
};
const newModels = (): ReadModels => {
  const models = openSqliteReadModels({ file: ':memory:' });
  opened.push(models);
  return models;
};
const proofOf = (store: SqliteEventStore, models: ReadModels): AuditProof =>
  auditProof({ store, audit: models.audit('audit'), signer, heads, clock });

/** Twelve events at positions 0 to 11, in streams a and b by turns; a head is signed after the sixth and the last. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tamper-'));
  clock = manualClock(0);
  const random = seededRandom(1, clock);
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  signer = await headSigner(secrets, clock, random);
  heads = openSignedHeads({ file: ':memory:' });
  const store = openStore('log.sqlite');
  original = newModels();
  proof = proofOf(store, original);
  for (let n = 0; n < events; n += 1) {
    const revision = BigInt(Math.floor(n / 2));
    await store.append(n % 2 === 0 ? 'thing-a' : 'thing-b', revision === 0n ? 'no_stream' : revision - 1n, [
      { id: random.uuid(), type: 'Happened', data: bytes(`{"n":${n}}`), metadata: bytes('{}') },
    ]);
    if (n === 5 || n === 11) {
      await index(store, original);
      await proof.head();
      await clock.advance(1000);
    }
  }
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  heads.close();
  rmSync(dir, { recursive: true });
});

/** A copy of the log, changed behind everybody's back. */
const tampered = (change: string): SqliteEventStore => {
  const file = join(dir, 'copy.sqlite');
  const db = new DatabaseSync(join(dir, 'log.sqlite'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  copyFileSync(join(dir, 'log.sqlite'), file);
  const copy = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  copy.exec(change);
  copy.close();
  return openStore('copy.sqlite');
};

/** Makes room for one row at a position, as who inserts would. */
const shift = (from: number) => `UPDATE event SET position = -position - 1 WHERE position >= ${from};
  UPDATE event SET position = -position WHERE position < 0;`;
const rowLike = (like: number, position: number, revision: number) =>
  `INSERT INTO event (position, stream, revision, id, kind, recorded_at, data, metadata)
   SELECT ${position}, stream, ${revision}, id, kind, recorded_at, data, metadata FROM event WHERE position = ${like};`;
const swap = (a: number, b: number) => `UPDATE event SET position = -1 WHERE position = ${a};
  UPDATE event SET position = ${a} WHERE position = ${b}; UPDATE event SET position = ${b} WHERE position = -1;`;
const other = "x'00000000000040008000000000000001'";

describe('a log that nobody touched', () => {
  it('fits its chain from end to end, and any part of it', async () => {
    expect(await proof.verifiedUpTo()).toBeUndefined();
    expect(await proof.verify({ from: 3n, to: 7n })).toEqual({ ok: true, verified: 5, from: 3n, to: 7n });
    expect(await proof.verifiedUpTo()).toBeUndefined();
    expect(await proof.verify({})).toEqual({ ok: true, verified: 12, from: 0n, to: 11n });
    expect(await proof.verifiedUpTo()).toBe(11n);
  });
  it('has the same chain in an index built again', async () => {
    const [store, again] = [openStore('log.sqlite'), newModels()];
    await index(store, again);
    expect(await again.audit('audit').find({ limit: 100 })).toEqual(await original.audit('audit').find({ limit: 100 }));
    expect(await proofOf(store, again).verify({})).toMatchObject({ ok: true, verified: 12 });
  });
  it('has a head that is signed once, and whose signature says so', async () => {
    const head = await proof.head();
    expect(head).toMatchObject({ events: 12, position: 11n, signedAt: 1000 });
    expect(await signer.fits(head)).toBe(true);
    expect(await signer.fits({ ...head, events: 11 })).toBe(false);
    expect(await heads.list()).toHaveLength(2);
  });
  it('may be empty', async () => {
    const [store, models] = [openStore('empty.sqlite'), newModels()];
    const of = auditProof({
      store,
      audit: models.audit('audit'),
      signer,
      heads: openSignedHeads({ file: ':memory:' }),
      clock,
    });
    expect(await of.verify({})).toEqual({ ok: true, verified: 0, from: undefined, to: undefined });
    expect(await of.head()).toMatchObject({ head: '0'.repeat(64), events: 0, position: undefined });
  });
});

describe('a log in which somebody', () => {
  it.each(
    [
      [
        'edited data',
        `UPDATE event SET data = CAST('{"n":70}' AS BLOB) WHERE position = 7`,
        7n,
        'its data or metadata was changed',
      ],
      [
        'edited metadata',
        "UPDATE event SET metadata = CAST('{ }' AS BLOB) WHERE position = 4",
        4n,
        'its data or metadata was changed',
      ],
      ['edited an id', `UPDATE event SET id = ${other} WHERE position = 5`, 5n, 'its id was changed'],
      [
        'edited a type',
        "INSERT INTO kind (category, type) VALUES ('thing', 'Other'); UPDATE event SET kind = (SELECT max(id) FROM kind) WHERE position = 3",
        3n,
        'its type was changed from Happened to Other',
      ],
      [
        'edited two',
        "UPDATE event SET data = CAST('{}' AS BLOB) WHERE position IN (9, 2)",
        2n,
        'its data or metadata was changed',
      ],
      [
        'edited a type to none',
        'UPDATE event SET kind = 99 WHERE position = 6',
        6n,
        'from Happened to unknown kind 99',
      ],
      ['edited the stream to none', 'UPDATE event SET stream = 99 WHERE position = 6', 6n, 'removed'],
      ['edited the first', "UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 0", 0n, 'its data'],
      ['edited the last', "UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 11", 11n, 'its data'],
      ['removed the first', 'DELETE FROM event WHERE position = 0', 0n, 'removed'],
      ['removed one', 'DELETE FROM event WHERE position = 6', 6n, 'removed'],
      ['removed the last', 'DELETE FROM event WHERE position = 11', 11n, 'removed'],
      ['inserted one', `${shift(8)} ${rowLike(2, 8, 90)}`, 8n, 'another event stands here: revision 90 of thing-a'],
      ['inserted one before the first', `${shift(0)} ${rowLike(2, 0, 90)}`, 0n, 'another event stands here'],
      ['inserted one before the last', `${shift(11)} ${rowLike(2, 11, 90)}`, 11n, 'another event stands here'],
      ['swapped the first and the last', swap(0, 11), 0n, 'another event stands here'],
      ['swapped two', swap(3, 8), 3n, 'another event stands here'],
      ['swapped neighbours', swap(10, 11), 10n, 'another event stands here'],
    ].map(([what, change, position, reason]) => ({ what, change: String(change), position, reason })),
  )('$what is found out at that position', async ({ change, position, reason }) => {
    const { ok, firstBad } = await proofOf(tampered(change), original).verify({});
    expect(ok).toBe(false);
    expect(firstBad).toMatchObject({ position, reason: expect.stringContaining(String(reason)) });
  });

  it('edited data is not blamed on the part before, and only that part counts as verified', async () => {
    const of = proofOf(tampered("UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 7"), original);
    expect(await of.verify({ to: 6n })).toMatchObject({ ok: true, verified: 7 });
    expect(await of.verify({ from: 8n })).toMatchObject({ ok: true, verified: 4 });
    expect(await of.verifiedUpTo()).toBe(6n);
    expect(await of.verify({ from: 5n })).toMatchObject({ ok: false, verified: 2, firstBad: { position: 7n } });
  });

  it('inserted one where positions have a gap is found out at that position', async () => {
    const gap = 'UPDATE event SET position = position + 100 WHERE position = 11;';
    const [store, models] = [tampered(gap), newModels()];
    await index(store, models);
    const db = new DatabaseSync(join(dir, 'copy.sqlite'));
    db.exec(rowLike(2, 50, 90));
    db.close();
    expect((await proofOf(store, models).verify({})).firstBad).toMatchObject({
      position: 50n,
      revision: 90n,
      reason: 'inserted: the chain knows no event here',
    });
  });
});

describe('somebody who also built the index again', () => {
  const rebuilt = async (change: string) => {
    const [store, models] = [tampered(change), newModels()];
    await index(store, models);
    return (await proofOf(store, models).verify({})).firstBad;
  };
  it('is found out by the first head signed after', async () => {
    const early = await rebuilt("UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 2");
    expect(early).toMatchObject({
      position: 5n,
      reason: expect.stringContaining('signed at 1970-01-01T00:00:00.000Z'),
    });
    const late = await rebuilt("UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 8");
    expect(late).toMatchObject({ position: 11n, reason: expect.stringContaining('and after position 5') });
  });
  it('is found out where the end was cut off', async () => {
    expect(await rebuilt('DELETE FROM event WHERE position > 9')).toMatchObject({
      position: 10n,
      reason: expect.stringContaining('the log ends after 10 events, the head signed at'),
    });
  });
  it('is found out where the kept head was made to fit', async () => {
    const [store, models] = [tampered("UPDATE event SET data = CAST('{}' AS BLOB) WHERE position = 2"), newModels()];
    await index(store, models);
    const [row] = await models.audit('audit').find({ after: 5, limit: 1 });
    const forged = openSignedHeads({ file: ':memory:' });
    const [kept] = await heads.list();
    if (row === undefined || kept === undefined) throw new Error('nothing to forge');
    await forged.keep({ ...kept, head: row.chain });
    const of = auditProof({ store, audit: models.audit('audit'), signer, heads: forged, clock });
    expect((await of.verify({})).firstBad).toMatchObject({
      position: 5n,
      reason: expect.stringContaining('no signature of ours'),
    });
    forged.close();
  });
});
