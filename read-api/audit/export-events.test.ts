import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { AuditIndex } from '../../infra/audit/port.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { append, created, reserved } from '../../projections/engine/engine-world.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { startProjections } from '../../projections/engine/start-projections.ts';
import { exportedAtOnce, exportOf } from './export-events.ts';

const streams = 30;
const each = 100;

/** A log of a few thousand events, and an index that counts what was asked of it. */
const told = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'export-'));
  const clock = manualClock(1_000);
  const random = seededRandom(5, clock);
  const codec = eventCodec({ keys: oneKey, random });
  const store = openSqliteEventStore({ file: join(dir, 'log'), clock, durable: false });
  const models = openSqliteReadModels({ file: ':memory:' });
  const index = models.audit(auditProjection);
  const world = { store, codec, clock, random, audit: index, sink: models.sink, documents: models.documents };
  for (let stream = 0; stream < streams; stream += 1)
    await append(world, `coupon-${stream}`, created('A'), ...Array.from({ length: each - 1 }, () => reserved('A')));
  const stop = new AbortController();
  const engine = await startProjections({
    ...{ definitions: [], store, codec, audit: index, clock, random, signal: stop.signal },
    documents: models.documents,
    sinks: { documents: models.sink, search: models.sink, audit: models.sink },
    log: { info: () => {}, warn: () => {} },
  });
  await engine.clock.reached([auditProjection], (await store.head()) ?? 0n, 1_000);
  onTestFinished(async () => {
    stop.abort();
    await engine.stopped;
    await store.close();
    models.close();
    await rm(dir, { recursive: true });
  });
  const asked = { pages: 0 };
  const audit: AuditIndex = {
    ...index,
    find: (query) => {
      asked.pages += 1;
      return index.find(query);
    },
  };
  return { deps: { store, codec, audit }, asked };
};
const linesIn = (text: string): readonly { readonly position: string }[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

it('a slow reader gets every event once and in order, and little is read ahead of it', async () => {
  const { deps, asked } = await told();
  const positions: string[] = [];
  let [chunks, ahead] = [0, 0];
  const slow = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _, done) => {
      chunks += 1;
      positions.push(...linesIn(chunk.toString()).map(({ position }) => position));
      // What may happen meanwhile happens: many turns of the event loop for one page.
      let turns = 20;
      const turn = (): void => {
        turns -= 1;
        if (turns > 0) return void setImmediate(turn);
        ahead = Math.max(ahead, asked.pages - chunks);
        done();
      };
      turn();
    },
  });
  await pipeline(exportOf(deps, {}), slow);
  expect(positions).toEqual(Array.from({ length: streams * each }, (_, n) => String(n)));
  expect(chunks).toBe((streams * each) / exportedAtOnce);
  expect(ahead).toBeLessThanOrEqual(3);
});

it('others are served between two pages, however fast the reader is', async () => {
  const { deps, asked } = await told();
  let turns = 0;
  let reading = true;
  const turn = (): void => {
    turns += 1;
    if (reading) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const _ of exportOf(deps, {}));
  reading = false;
  expect(turns).toBeGreaterThanOrEqual(asked.pages - 1);
});

it('a reader that is gone ends the reading', async () => {
  const { deps, asked } = await told();
  const body = exportOf(deps, { after: 7 });
  for await (const chunk of body) {
    expect(linesIn(String(chunk))[0]?.position).toBe('7');
    break;
  }
  expect(body.destroyed).toBe(true);
  const { pages } = asked;
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([asked.pages - pages <= 1, pages <= 3]).toEqual([true, true]);
});
