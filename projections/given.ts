import type { DomainEvent } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/event/definition.ts';
import type { Recorded } from '../domain/event/recorded.ts';
import type { StoredDocument } from '../infra/documents/sink.port.ts';
import type { Decoded } from '../infra/event-codec/port.ts';
import type { Projection } from './definition.ts';
import { foldOf } from './engine/fold-batch.ts';

type InStream = { readonly stream: string; readonly event: DomainEvent };

/** Events of one stream of a story. */
export const inStream = (stream: string, ...events: readonly DomainEvent[]): readonly InStream[] =>
  events.map((event) => ({ stream, event }));

/** When the event at `position` of a story happened: a minute after the one before. */
export const happenedAt = (position: number): string => new Date(Date.UTC(2026, 0, 1, 0, position)).toISOString();

const recorded = (story: readonly InStream[]): readonly Recorded<DomainEvent>[] => {
  const revisions = new Map<string, bigint>();
  return story.map(({ stream, event }, position) => {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    const occurredAt = happenedAt(position);
    return {
      ...event,
      ...{ stream, revision, position: BigInt(position), recordedAt: Date.parse(occurredAt) },
      id: `00000000-0000-4000-9000-${String(position).padStart(12, '0')}`,
      metadata: {
        ...{ schemaVersion: '1', commandId: 'c', correlationId: 'c', actorId: 'a', actorRole: 'customer', occurredAt },
      },
    };
  });
};

const noBytes = new Uint8Array();
/** As the codec answers, without the stored bytes: no document is folded from them. */
export const asDecoded = (event: Recorded<DomainEvent>): Decoded => ({
  ok: true,
  event,
  stored: { ...event, data: noBytes, metadata: noBytes },
});

type Stored = Map<string, StoredDocument>;

/** Applies a batch as the engine does, over documents that were stored as JSON. */
const apply = async (of: Projection, stored: Stored, events: readonly Recorded<DomainEvent>[]): Promise<void> => {
  const parked = { streams: new Set<string>(), documents: new Set<string>() };
  const load = async (): Promise<Stored> => stored;
  const { puts, removes, refusals } = await foldOf(of)(events.map(asDecoded), load, parked);
  const [refused] = refusals;
  if (refused !== undefined) throw new Error(`${of.name} refused ${refused.event.type}: ${refused.reason}`);
  for (const { id, position, document } of puts) {
    const read: JsonObject = JSON.parse(JSON.stringify(document));
    stored.set(id, { position, document: read });
  }
  for (const id of removes) stored.delete(id);
};

const textOf = (stored: Stored): string =>
  JSON.stringify([...stored].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, { document }]) => [id, document]));

/**
 * The documents, by id, that a projection makes of a story. Folded in one batch, event by event, and with every event
 * delivered twice: they must be the same bytes.
 * @throws Error when they are not, or when the projection refuses an event
 */
export const documentsOf = async <Doc extends JsonObject>(
  of: Projection<Doc>,
  ...story: readonly (readonly InStream[])[]
): Promise<ReadonlyMap<string, Doc>> => {
  const events = recorded(story.flat());
  const [atOnce, oneByOne, twice]: [Stored, Stored, Stored] = [new Map(), new Map(), new Map()];
  await apply(of, atOnce, events);
  for (const event of events) await apply(of, oneByOne, [event]);
  for (const event of events) for (const _ of ['first', 'again']) await apply(of, twice, [event]);
  await apply(of, twice, events);
  for (const other of [oneByOne, twice])
    if (textOf(other) !== textOf(atOnce)) throw new Error(`${of.name}: ${textOf(other)}\nis not ${textOf(atOnce)}`);
  // What the projection folded is of its type.
  return new Map([...atOnce].map(([id, { document }]) => [id, document as Doc]));
};
