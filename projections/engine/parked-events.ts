import type { DeadLetter, GenerationRef, ProjectionSink } from '../../infra/documents/sink.port.ts';
import type { Decoded, EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore, StoredEvent } from '../../infra/event-store/port.ts';

type Log = { readonly store: EventStore; readonly codec: EventCodec };

const pageSize = 500;

/** Every letter that waits for the same document, or (documentId null) the same stream, in log order. */
export const lettersWith = async (
  sink: ProjectionSink,
  { projection, generation }: GenerationRef,
  { documentId, stream }: { readonly documentId: string | null; readonly stream: string },
): Promise<readonly DeadLetter[]> => {
  const found: DeadLetter[] = [];
  for (let after: { readonly position: bigint; readonly id: string } | undefined; ; ) {
    const page = await sink.deadLetters({
      ...{ projection, generation, limit: pageSize },
      ...(documentId === null ? { stream } : { documentId }),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.filter((letter) => letter.documentId === documentId));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return found;
    after = { position: last.position, id: last.id };
  }
};

/** The events of dead letters (in log order), read again from their streams, in log order. */
export const parkedEvents = async (
  { store, codec }: Log,
  letters: readonly DeadLetter[],
): Promise<readonly Decoded[]> => {
  const wanted = Map.groupBy(letters, ({ stream }) => stream);
  const events: StoredEvent[] = [];
  for (const [stream, of] of wanted) {
    const revisions = new Set(of.map(({ revision }) => revision));
    const [from, to] = [of[0]?.revision ?? 0n, of.at(-1)?.revision ?? 0n];
    for await (const page of store.readStream(stream, { from, limit: Number(to - from) + 1 }))
      events.push(...page.filter(({ revision }) => revisions.has(revision)));
  }
  events.sort((a, b) => (a.position < b.position ? -1 : 1));
  return codec.decode(events);
};
