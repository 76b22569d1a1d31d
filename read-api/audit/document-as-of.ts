import type { DomainEvent } from '../../domain/catalogue.ts';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { DocumentAsOf } from '../../infra/documents/as-of.port.ts';
import type { DocumentHistories } from '../../infra/documents/history.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { categoryOf, type StoredEvent } from '../../infra/event-store/port.ts';
import type { Projection } from '../../projections/definition.ts';
import { categoriesOf } from '../../projections/engine/categories.ts';
import { type FoldOptions, foldOf, type Parked } from '../../projections/engine/fold-batch.ts';
import { ordersOf } from '../../projections/engine/orders.ts';
import type { LogReader } from '../state-from-log.ts';
import { eventsAt } from './events-at.ts';
import { personalMarks, sealedMarks } from './personal-marks.ts';
import { withPersonal } from './seal.ts';

export type AsOfReader = LogReader & { readonly histories: DocumentHistories };

const pageSize = 200;

/** Marks stand for personal values while the document is folded. The shape is the event's own: texts stand for texts. */
const marked = (decoded: Decoded, markOf: (value: string) => string): Decoded => {
  if (!decoded.ok) return decoded;
  const { stream, type, data } = decoded.event;
  const sealed: JsonObject = withPersonal(categoryOf(stream), type, data, markOf);
  return { ...decoded, event: { ...decoded.event, data: sealed } as Recorded<DomainEvent> };
};

/** One document, to which the projection's own fold applies pages of events. */
const growing = (codec: LogReader['codec'], definition: Projection, id: string) => {
  const fold = foldOf(definition);
  const markOf = personalMarks();
  let document: JsonObject | undefined;
  let [position, events] = [0n, 0];
  return {
    apply: async (page: readonly StoredEvent[], parked: Parked, discarded: FoldOptions['discarded']): Promise<void> => {
      const decoded = (await codec.decode(page)).map((each) => marked(each, markOf));
      const load = async () => new Map(document === undefined ? [] : [[id, { document, position }]]);
      const options = { late: { documentId: id }, ...(discarded === undefined ? {} : { discarded }) };
      const { puts, removes, touched } = await fold(decoded, load, parked, options);
      document = removes.length > 0 ? undefined : (puts[0]?.document ?? document);
      position = touched.at(-1)?.position ?? position;
      events += touched.length;
    },
    asOf: (): DocumentAsOf | undefined =>
      document === undefined ? undefined : { document: sealedMarks(document), position, events },
  };
};

/**
 * The document of a projection as the events before position `before` make it, personal fields sealed; undefined: there was
 * none. The fold of a document sees nothing but the document and the event, so the events of its history are all it takes; where
 * the history ends earlier than `before`, the rest of the log is read. What can't be applied is parked with what waits behind it, as
 * in the projection itself. @throws when `signal` aborts
 */
export const documentAsOf = async (
  { store, codec, histories }: AsOfReader,
  definition: Projection,
  id: string,
  before: bigint,
  signal: AbortSignal,
): Promise<DocumentAsOf | undefined> => {
  const history = await histories.find(definition.name, definition.version, id, before);
  const { checkpoint: after, positions = [], waiting } = history ?? {};
  const document = growing(codec, definition, id);
  const parked: Parked = { streams: new Set(), documents: new Set() };

  // 1. What the projection applied, and operators did not discard.
  for await (const page of eventsAt(store, positions, signal)) await document.apply(page, parked, undefined);
  if (after !== undefined && after + 1n >= before) return document.asOf();

  // 2. What it has not seen yet, read by category and not by type: an event of an unknown type parks its stream.
  for (const stream of waiting?.streams ?? []) parked.streams.add(stream);
  for (const each of waiting?.documents ?? []) parked.documents.add(each);
  const { discards } = await ordersOf(store, codec);
  const discarded = (eventId: string, documentId: string | null) => discards.has(definition.name, eventId, documentId);
  const categories = categoriesOf(definition.handlers.keys());
  const options = { filter: { categories }, batchSize: pageSize, signal, ...(after === undefined ? {} : { after }) };
  for await (const page of store.readAll(options)) {
    const within = page.filter((stored) => stored.position < before);
    await document.apply(within, parked, discarded);
    if (within.length < page.length) break;
  }
  return document.asOf();
};
