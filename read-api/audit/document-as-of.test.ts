import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { DocumentHistory } from '../../infra/documents/history.port.ts';
import { openSqliteHistories } from '../../infra/documents/sqlite/open-histories.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { categoryOf } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import type { PersonKeys } from '../../infra/secrets/port.ts';
import type { Projection } from '../../projections/definition.ts';
import { definitions } from '../../projections/definitions.ts';
import { categoriesOf, isKnown } from '../../projections/engine/categories.ts';
import {
  append,
  appendPoison,
  reserved as couponReserved,
  created,
  FORBIDDEN_ORDER,
  rebuildOf,
  usesOf,
} from '../../projections/engine/engine-world.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { startProjections } from '../../projections/engine/start-projections.ts';
import { documentAsOf } from './document-as-of.ts';
import { logAsOf } from './log-as-of.ts';
import { personalMarks, sealedMarks } from './personal-marks.ts';
import { withPersonal } from './seal.ts';

// Every read model of the release, and one whose fold refuses an order.
const projections: readonly Projection[] = [...definitions, usesOf()];
const names = projections.map(({ name }) => name);

const folder = fileURLToPath(new URL('../../domain/examples', import.meta.url));
const examples = globSync('*/*.json', { cwd: folder })
  .sort()
  // Orders of operators have effects beyond documents.
  .filter((file) => !/^(projection|deadLetter)\//.test(file))
  .map((file) => {
    const type = basename(file).split('.')[0] ?? '';
    return { category: dirname(file), type, text: readFileSync(`${folder}/${file}`, 'utf8') };
  });

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** One of three things of its kind in the place of each: events of one variant tell of the same things. */
const variantOf = (text: string, variant: number): string =>
  text.replace(uuid, (id) => `${id.slice(0, -1)}${variant}`).replaceAll('"LAUNCH10"', `"LAUNCH1${variant}"`);

/** With which things come into being: without them histories would tell of nothing. */
const begins = examples.filter(({ type }) =>
  /Registered|Created|Placed|Issued|Requested|Published|Approved|Drafted|Raised|Opened|Set$/.test(type),
);
const reserved = examples.find(({ type }) => type === 'CouponReserved')?.text ?? '';
const variants = fc.integer({ min: 0, max: 2 });
const readable = fc
  .tuple(fc.oneof(fc.constantFrom(...begins), fc.constantFrom(...examples)), variants)
  .map(([{ category, type, text }, variant]) => {
    const event: DomainEvent = JSON.parse(`{ "type": "${type}", "data": ${variantOf(text, variant)} }`);
    return { stream: `${category}-${variant}`, event };
  });
const refused = variants.map((variant) => {
  const data = { ...JSON.parse(variantOf(reserved, variant)), orderId: FORBIDDEN_ORDER };
  return { stream: `coupon-${variant}`, event: { type: 'CouponReserved' as const, data } };
});
const unreadable = fc.tuple(fc.constantFrom(...examples), variants).map(([{ category, type }, variant]) => {
  return { stream: `${category}-${variant}`, broken: type };
});
/** One of five events can't be applied, where `poisoned`. */
const stepsOf = (poisoned: boolean) => {
  const good = { weight: 80, arbitrary: readable };
  const bad = [
    { weight: 8, arbitrary: refused },
    { weight: 12, arbitrary: unreadable },
  ];
  /** `later`: milliseconds since the event before. */
  const step = fc.record({ what: fc.oneof(good, ...(poisoned ? bad : [])), later: fc.integer({ min: 0, max: 2 }) });
  return fc.array(step, { minLength: 150, maxLength: 250 });
};
/** Which one is built again on the way: a rebuild that meets a poison event would stop. */
const rebuilds = fc.constantFrom(...names);
const history = fc.record({
  told: fc.oneof(
    fc.record({ steps: stepsOf(true), rebuilt: fc.constant(null) }),
    fc.record({ steps: stepsOf(false), rebuilt: rebuilds }),
  ),
  /** What the projections have handled, of the steps. */
  fed: fc.constantFrom(0, 0.4, 0.7, 1),
  /** In the time of the history, 0 to 1. */
  moment: fc.double({ min: 0.2, max: 1, noNaN: true }),
});

it('a document as of a moment is what a fold of the whole log up to that moment gives, for every projection', async () => {
  let there = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ told: { steps, rebuilt }, fed, moment }) => {
      // 1. A log, of which the projections have handled a part.
      const dir = await mkdtemp(join(tmpdir(), 'as-of-'));
      const clock = manualClock(1_000);
      const random = seededRandom(5, clock);
      const key = new Uint8Array(32);
      const keys: PersonKeys = {
        ...oneKey,
        find: async (ids) => new Map(ids.map((id) => [id, id.endsWith('2') ? undefined : key])),
      };
      const codec = eventCodec({ keys, random });
      const store = openSqliteEventStore({ file: join(dir, 'log'), clock, durable: false });
      const models = openSqliteReadModels({ file: join(dir, 'models') });
      const audit = models.audit(auditProjection);
      const world = { store, codec, clock, random, audit, sink: models.sink, documents: models.documents };
      const record = async (part: typeof steps): Promise<void> => {
        for (const { what, later } of part) {
          await clock.advance(later);
          if ('broken' in what) await appendPoison(world, what.stream, what.broken);
          else await append(world, what.stream, what.event);
        }
      };
      const feed = async (which: readonly Projection[], rebuild: string | null): Promise<void> => {
        const stop = new AbortController();
        const switched = Promise.withResolvers<void>();
        const engine = await startProjections({
          ...{ definitions: which, store, codec, audit, clock, random, signal: stop.signal },
          documents: models.documents,
          sinks: { documents: models.sink, search: models.sink, audit: models.sink },
          log: { info: () => {}, warn: () => {} },
          onSwitched: async (name) => (name === rebuild ? switched.resolve() : undefined),
        });
        if (rebuild !== null) {
          await append(world, `projection-${rebuild}`, rebuildOf(rebuild, 2));
          await switched.promise;
        }
        const head = await store.head();
        const all = [...which.map(({ name }) => name), auditProjection];
        if (head !== undefined) expect(await engine.clock.reached(all, head, 1_000)).toBe(true);
        stop.abort();
        await engine.stopped;
      };
      const cut = Math.floor(steps.length * fed);
      await record(steps.slice(0, cut));
      await feed(projections, rebuilt);
      await record(steps.slice(cut));
      await feed([], null); // the audit index, which tells positions from times, has everything
      const histories = openSqliteHistories({ file: join(dir, 'models') });

      // 2. The whole log up to the moment, folded in the plainest way.
      const at = 1_000 + Math.round((clock.now() - 1_000) * moment);
      const markOf = personalMarks();
      const log: Awaited<ReturnType<typeof codec.decode>>[number][] = [];
      for await (const page of store.readAll()) log.push(...(await codec.decode(page)));
      const foldedBy = ({ handlers }: Projection): Map<string, JsonObject | undefined> => {
        const documents = new Map<string, JsonObject | undefined>();
        const [lost, stuck] = [new Set<string>(), new Set<string>()];
        const categories = categoriesOf(handlers.keys());
        for (const { ok, stored, ...rest } of log) {
          if (stored.recordedAt > at || lost.has(stored.stream)) continue;
          const category = categoryOf(stored.stream);
          if (!ok || !('event' in rest)) {
            const handled = [...handlers.keys()].some((type) => type === stored.type);
            if (categories.includes(category) && (handled || !isKnown(category, stored.type))) lost.add(stored.stream);
            continue;
          }
          const data: JsonObject = withPersonal(category, stored.type, rest.event.data, markOf);
          const event = { ...rest.event, data } as Recorded<DomainEvent>;
          const ids = handlers.get(event.type)?.ids(event) ?? [];
          for (const id of new Set(typeof ids === 'string' ? [ids] : ids)) {
            if (stuck.has(id)) continue;
            try {
              documents.set(id, handlers.get(event.type)?.fold(documents.get(id), event, id));
            } catch {
              stuck.add(id);
            }
          }
        }
        return documents;
      };

      // 3. Every document of every projection, as of the moment.
      try {
        const before = await logAsOf(audit, at);
        for (const definition of projections) {
          const expected = foldedBy(definition);
          for (const id of [...expected.keys(), 'nothing']) {
            const { signal } = new AbortController();
            const found = await documentAsOf({ store, codec, histories }, definition, id, before, signal);
            const document = expected.get(id);
            expect(found?.document, `${definition.name} ${id}`).toEqual(document && sealedMarks(document));
            if (found !== undefined) there += 1;
          }
        }
      } finally {
        histories.close();
        await store.close();
        models.close();
        await rm(dir, { recursive: true });
      }
    }),
    { numRuns: 10 },
  );
  // It did tell of something.
  expect(there).toBeGreaterThan(400);
});

it('what waits behind a dead letter of the history waits behind it in the rest of the log too', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'as-of-'));
  const clock = manualClock(1_000);
  const random = seededRandom(5, clock);
  const codec = eventCodec({ keys: oneKey, random });
  const store = openSqliteEventStore({ file: join(dir, 'log'), clock, durable: false });
  const models = openSqliteReadModels({ file: join(dir, 'models') });
  const world = { store, codec, clock, random, ...models, audit: models.audit(auditProjection) };
  await append(world, 'coupon-A', created('A'), couponReserved('A'));
  const checkpoint = await append(world, 'coupon-B', created('B'), couponReserved('B'));
  await append(world, 'coupon-A', couponReserved('A'));
  const before = (await append(world, 'coupon-B', couponReserved('B'))) + 1n;

  const held = async (waiting: DocumentHistory['waiting'], id: string) => {
    const positions = id === 'A' ? [0n, 1n] : [2n, 3n];
    const generation = { projection: 'uses', generation: 1 };
    const histories = { find: async () => ({ generation, checkpoint, positions, waiting }) };
    const { signal } = new AbortController();
    return (await documentAsOf({ store, codec, histories }, usesOf(), id, before, signal))?.document.held;
  };
  const nothing = { streams: [], documents: [] };
  expect([await held(nothing, 'A'), await held(nothing, 'B')]).toEqual([2, 2]);
  expect([await held({ ...nothing, streams: ['coupon-A'] }, 'A')]).toEqual([1]);
  expect([await held({ ...nothing, documents: ['B'] }, 'B')]).toEqual([1]);
  await store.close();
  models.close();
  await rm(dir, { recursive: true });
});
