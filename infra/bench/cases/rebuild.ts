import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventCatalogue } from '../../../domain/catalogue.ts';
import { eventMetadata } from '../../../domain/event/recorded.ts';
import { definitions } from '../../../projections/definitions.ts';
import { catchUp } from '../../../projections/engine/catch-up.ts';
import { openFeed } from '../../../projections/engine/feed.ts';
import { rate } from '../../../projections/engine/rate.ts';
import { sourcesOf } from '../../../projections/engine/source.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { openSqliteReadModels } from '../../documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { systemRandom } from '../../random/system-random.ts';
import { personKeys } from '../../secrets/person-keys.ts';
import { openSqliteSecrets } from '../../secrets/sqlite/open-sqlite-secrets.ts';
import { type Case, interleaved, type Plan } from '../bench.ts';
import { rowOf } from '../figures.ts';

const clock = systemClock();
const random = systemRandom(clock);
const ref = { projection: 'catalogue', generation: 1 };
const page = 2_000;

/** Builds the catalogue with the engine's own parts into a new file; events a second. */
const rebuilt = async (plan: Plan, dir: string): Promise<number> => {
  const store = openSqliteEventStore({ file: join(dir, 'log.sqlite'), clock });
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  const codec = eventCodec({ keys: personKeys(secrets, random), random });
  const { sink, close } = openSqliteReadModels({ file: join(plan.folder(), 'read-models.sqlite') });
  const source = sourcesOf(definitions, { documents: sink, search: sink, audit: sink }).find(
    ({ name }) => name === ref.projection,
  );
  if (source === undefined) throw new Error('there is no catalogue');
  const { version, kind, indexes } = source;
  await sink.create({ ...ref, version, kind, indexes, state: 'building', bornAt: undefined });
  const feed = openFeed(source, ref, clock, () => {});
  await feed.reload();
  let events = 0;
  const counting = { add: (count: number) => (events += count), perSecond: rate(clock).perSecond };
  const target = await store.head();
  const started = performance.now();
  await catchUp({
    ...{ feed, target, onPoison: 'stop', store, codec, clock, turn: setImmediate },
    rate: { ...counting, add: (count) => void counting.add(count) },
    signal: new AbortController().signal,
  });
  const seconds = (performance.now() - started) / 1000;
  close();
  await store.close();
  await secrets.close();
  return events / seconds;
};

/** The same events read, parsed, validated by their schemas, and the documents that they end in written in bulk. */
const byHand = async (plan: Plan, dir: string): Promise<number> => {
  const log = new DatabaseSync(join(dir, 'log.sqlite'), { readOnly: true });
  const made = new DatabaseSync(join(dir, 'read-models.sqlite'), { readOnly: true });
  const live = made.prepare("SELECT key FROM generations WHERE projection = 'catalogue' AND state = 'live'").get();
  const documents = made
    .prepare(`SELECT id, position, document FROM documents_${Number(live?.key)} ORDER BY row`)
    .all();
  const out = new DatabaseSync(join(plan.folder(), 'by-hand.sqlite'));
  out.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192');
  out.exec(
    'CREATE TABLE document (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, document TEXT NOT NULL)',
  );
  out.exec(
    "CREATE INDEX by_category ON document (json_extract(document, '$.listed'), json_extract(document, '$.category'), id)",
  );
  const read = log.prepare(
    `SELECT e.position, e.data, e.metadata, k.category, k.type FROM event e JOIN kind k ON k.id = e.kind
     WHERE e.position > ? AND k.category IN ('product', 'license', 'review') ORDER BY e.position LIMIT ${page}`,
  );
  const insert = out.prepare('INSERT INTO document (id, position, document) VALUES (?, ?, ?)');
  const schemas = new Map(
    Object.entries(eventCatalogue).flatMap(([category, table]) =>
      Object.entries(table).map(([type, { schema }]) => [`${category} ${type}`, schema] as const),
    ),
  );
  const text = new TextDecoder();
  const started = performance.now();
  let events = 0;
  let written = 0;
  for (let after = -1; ; ) {
    const rows = read.all(after);
    for (const { data, metadata, category, type } of rows) {
      if (!(data instanceof Uint8Array && metadata instanceof Uint8Array)) throw new Error('no bytes');
      schemas.get(`${category} ${type}`)?.parse(JSON.parse(text.decode(data)));
      eventMetadata.parse(JSON.parse(text.decode(metadata)));
    }
    events += rows.length;
    after = Number(rows.at(-1)?.position ?? after);
    out.exec('BEGIN');
    const upTo = rows.length < page ? documents.length : Math.min(documents.length, written + page / 5);
    for (; written < upTo; written += 1) {
      const { id, position, document } = documents[written] ?? {};
      const parsed: unknown = JSON.parse(String(document));
      insert.run(String(id), Number(position), JSON.stringify(parsed));
    }
    out.exec('COMMIT');
    if (rows.length < page) break;
  }
  const seconds = (performance.now() - started) / 1000;
  for (const db of [log, made, out]) db.close();
  return events / seconds;
};

export const rebuild: Case = {
  name: 'rebuild',
  about: 'catalogue events/s beside read + decode + validate + bulk write of the same documents by hand',
  run: async (plan) => {
    const rows = [];
    for (const products of plan.scales) {
      const dir = await plan.market(products);
      const rounds = await interleaved(
        plan.rounds,
        () => rebuilt(plan, dir),
        () => byHand(plan, dir),
      );
      rows.push(
        rowOf(
          { name: 'rebuild of the catalogue', scale: products, unit: 'events/s', goal: { of: 'ratio', atLeast: 0.5 } },
          rounds,
        ),
      );
    }
    return rows;
  },
};
