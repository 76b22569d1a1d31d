import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type DomainEvent, eventCatalogue } from '../../domain/catalogue.ts';
import type { EventTable } from '../../domain/event/definition.ts';
import { manualClock } from '../clock/manual-clock.ts';
import type { StoredEvent } from '../event-store/port.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { personKeys } from '../secrets/person-keys.ts';
import { openSqliteSecrets } from '../secrets/sqlite/open-sqlite-secrets.ts';
import { eventCodec } from './event-codec.ts';

const folder = fileURLToPath(new URL('../../domain/examples', import.meta.url));
const catalogue: Readonly<Record<string, EventTable>> = eventCatalogue;
const examples = globSync('*/*.json', { cwd: folder })
  .sort()
  .map((file) => {
    const [type = '', version = ''] = basename(file).split('.');
    const category = dirname(file);
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    const event: DomainEvent = JSON.parse(`{ "type": "${type}", "data": ${text} }`);
    return { file, category, event, version: Number(version.slice(1)), present: catalogue[category]?.[type]?.version };
  });

const random = seededRandom(11, manualClock(0));
const described = {
  commandId: 'c1',
  correlationId: 'c1',
  actorId: 'system',
  actorRole: 'system',
  occurredAt: '2026-01-02T03:04:05.678Z',
};

it.each(examples)('$file is read as it was written', async ({ category, event, version, present }) => {
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  onTestFinished(() => secrets.close());
  const codec = eventCodec({ keys: personKeys(secrets, random), random });
  const stream = `${category}-1`;
  const place = { stream, revision: 0n, position: 1n, recordedAt: 5 };
  const asStored = async (): Promise<StoredEvent> => {
    if (version !== present) {
      // An older version can't be written any more: its bytes are the example's own, personal fields in clear.
      const metadata = Buffer.from(JSON.stringify({ ...described, schemaVersion: String(version) }));
      return { id: 'e1', type: event.type, data: Buffer.from(JSON.stringify(event.data)), metadata, ...place };
    }
    const [encoded] = await codec.encode(stream, [{ id: 'e1', event }], described);
    if (encoded === undefined) throw new Error('nothing was encoded');
    return { ...encoded, ...place };
  };
  const [decoded] = await codec.decode([await asStored()]);
  expect(decoded).toMatchObject({ ok: true, event: { type: event.type } });
  if (version === present) expect(decoded).toMatchObject({ event: { data: event.data } });
});

it('meets an example of every event of the catalogue', () => {
  const types = Object.entries(catalogue).flatMap(([category, table]) =>
    Object.keys(table).map((type) => `${category}/${type}`),
  );
  expect(new Set(examples.map(({ category, event }) => `${category}/${event.type}`))).toEqual(new Set(types));
});
