import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { StoredDocument } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { projection } from '../definition.ts';
import { asDecoded } from '../given.ts';
import { closed, created, FORBIDDEN_ORDER, reserved, usesOf } from './engine-world.ts';
import { foldOf, type Parked } from './fold-batch.ts';

const metadata = {
  schemaVersion: '1',
  commandId: 'c',
  correlationId: 'k',
  actorId: 'a',
  actorRole: 'system',
  occurredAt: 't',
};
const recorded = (event: DomainEvent, n: number): Decoded =>
  asDecoded({
    ...event,
    id: `e${n}`,
    stream: 'coupon-X',
    revision: BigInt(n),
    position: BigInt(n),
    metadata,
    recordedAt: n,
  });
const nobody = (): Parked => ({ streams: new Set(), documents: new Set() });

/** A store of documents in a map, fed batch by batch without any checkpoint. */
const feed = async (definition: ReturnType<typeof usesOf>, batches: readonly (readonly Decoded[])[]) => {
  const documents = new Map<string, StoredDocument>();
  const parked = nobody();
  const loads: (readonly string[])[] = [];
  for (const batch of batches) {
    const { puts, removes } = await foldOf(definition)(
      batch,
      async (ids) => {
        loads.push(ids);
        return new Map([...documents].filter(([id]) => ids.includes(id)));
      },
      parked,
    );
    for (const { id, document, position } of puts) documents.set(id, { document, position });
    for (const id of removes) documents.delete(id);
  }
  return { documents, parked, loads };
};

const someEvents = fc
  .array(
    fc.oneof(
      fc.constantFrom('A', 'B', 'C').map(created),
      fc.constantFrom('A', 'B', 'C').map((code) => reserved(code)),
      fc.constantFrom('A', 'B').map(closed),
      fc.constant(reserved('C', FORBIDDEN_ORDER)),
    ),
    { maxLength: 40 },
  )
  .map((events) => events.map(recorded));

describe('fold of a batch', () => {
  it('gives the same documents however the log is cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(someEvents, fc.integer({ min: 1, max: 10 }), async (events, size) => {
        const cut = Array.from({ length: Math.ceil(events.length / size) }, (_, n) =>
          events.slice(n * size, (n + 1) * size),
        );
        const [whole, pieces] = [await feed(usesOf(), [events]), await feed(usesOf(), cut)];
        expect(pieces.documents).toEqual(whole.documents);
        expect(pieces.parked).toEqual(whole.parked);
      }),
    );
  });

  it('passes over what a document has seen: a redelivered batch changes nothing', async () => {
    const events = [created('A'), reserved('A'), reserved('A')].map(recorded);
    const { documents } = await feed(usesOf(), [events, events, events.slice(1)]);
    expect(documents.get('A')).toMatchObject({ document: { held: 2 }, position: 2n });
  });

  it('reads the touched documents once, each once', async () => {
    const { loads } = await feed(usesOf(), [[created('A'), reserved('B'), reserved('A')].map(recorded)]);
    expect(loads).toEqual([['A', 'B']]);
  });

  it('refuses for one document and applies to the others that the event touches', async () => {
    const both = projection<{ seen: number }>('both', { version: 1, sink: 'documents' }).on(
      'CouponClosed',
      () => ['good', 'bad'],
      (document, _, id) => {
        if (id === 'bad') throw new Error('no');
        return { seen: (document?.seen ?? 0) + 1 };
      },
    );
    const parked = nobody();
    const folded = await foldOf(both)([closed('A'), closed('A')].map(recorded), async () => new Map(), parked);
    expect(folded.puts).toEqual([{ id: 'good', document: { seen: 2 }, position: 1n }]);
    expect(folded.refusals.map((each) => [each.documentId, each.reason])).toEqual([
      ['bad', 'no'],
      ['bad', 'waits behind an earlier event of its document'],
    ]);
  });

  it('does not write what did not change, nor remove what was never there', async () => {
    const folded = await foldOf(usesOf())([reserved('A'), closed('B')].map(recorded), async () => new Map(), nobody());
    expect(folded).toMatchObject({ puts: [], removes: [], refusals: [] });
  });
});
