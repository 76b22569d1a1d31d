import type { DomainEvent } from '../../domain/catalogue.ts';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { DocumentPut, DocumentTouch, StoredDocument } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { categoryOf } from '../../infra/event-store/port.ts';
import type { Projection } from '../definition.ts';
import { categoriesOf, isKnown } from './categories.ts';

/** Streams and documents that wait behind an event that could not be applied. */
export type Parked = { readonly streams: Set<string>; readonly documents: Set<string> };

/** Where an event stands, readable or not. */
export type EventPlace = {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
};

/** An event that was not applied: to one document, or (null) to none of those it may concern. */
export type Refusal = { readonly event: EventPlace; readonly documentId: string | null; readonly reason: string };

export type Folded = {
  readonly puts: readonly DocumentPut[];
  readonly removes: readonly string[];
  /** What was applied to which document, in the order in which it was; also where it changed nothing. */
  readonly touched: readonly DocumentTouch[];
  readonly refusals: readonly Refusal[];
};

export type Load = (ids: readonly string[]) => Promise<ReadonlyMap<string, StoredDocument>>;
export type FoldOptions = {
  /** Whether operators decided to go on without the event, for one document or (null) for all. */
  readonly discarded?: (eventId: string, documentId: string | null) => boolean;
  /** The events were parked and are applied now, also to what has later ones already; to one document where one is named. */
  readonly late?: { readonly documentId: string | null };
};
/** Applies a batch to the documents it touches; `parked` grows by what is refused. */
export type Fold = (events: readonly Decoded[], load: Load, parked: Parked, options?: FoldOptions) => Promise<Folded>;

type Working = {
  document: JsonObject | undefined;
  position: bigint | undefined;
  readonly before: JsonObject | undefined;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The fold of a projection: touched documents loaded in one read, events applied in log order, in memory. */
export const foldOf = (definition: Projection): Fold => {
  const categories = new Set(categoriesOf(definition.handlers.keys()));
  const handled: ReadonlySet<string> = new Set(definition.handlers.keys());
  /** An unreadable event matters where its type is handled, or where nobody here can say what it means. */
  const concerns = ({ stream, type }: EventPlace): boolean => {
    const category = categoryOf(stream);
    return categories.has(category) && (handled.has(type) || !isKnown(category, type));
  };

  return async (events, load, parked, { discarded = () => false, late } = {}) => {
    const refusals: Refusal[] = [];
    const refuse = (event: EventPlace, documentId: string | null, reason: string): void => {
      refusals.push({ event, documentId, reason });
      if (documentId === null) parked.streams.add(event.stream);
      else parked.documents.add(documentId);
    };

    // 1. Which events touch which documents.
    const touches: { readonly event: Recorded<DomainEvent>; readonly ids: readonly string[] }[] = [];
    for (const decoded of events) {
      const event = decoded.ok ? decoded.event : decoded.stored;
      const handler = decoded.ok ? definition.handlers.get(decoded.event.type) : undefined;
      if (decoded.ok ? handler === undefined : !concerns(event)) continue;
      if (discarded(event.id, null)) continue;
      if (parked.streams.has(event.stream)) refuse(event, null, 'waits behind an earlier event of its stream');
      else if (!decoded.ok) refuse(event, null, decoded.reason);
      else {
        try {
          const ids = handler?.ids(decoded.event) ?? [];
          const wanted = typeof ids === 'string' ? [ids] : [...new Set(ids)];
          const only = late?.documentId ?? null;
          touches.push({ event: decoded.event, ids: only === null ? wanted : wanted.filter((id) => id === only) });
        } catch (error) {
          refuse(event, null, messageOf(error));
        }
      }
    }

    // 2. Those documents, in one read.
    const wanted = new Set(touches.flatMap((touch) => touch.ids));
    if (wanted.size === 0) return { puts: [], removes: [], touched: [], refusals };
    const stored = await load([...wanted]);
    const working = new Map<string, Working>();
    for (const id of wanted) {
      const found = stored.get(id);
      working.set(id, { document: found?.document, position: found?.position, before: found?.document });
    }

    // 3. The events in log order. One that a document has seen already is passed over.
    const touched: DocumentTouch[] = [];
    for (const { event, ids } of touches) {
      for (const id of ids) {
        const state = working.get(id);
        if (state === undefined || discarded(event.id, id)) continue;
        const seen = state.position !== undefined && event.position <= state.position;
        if (seen && late === undefined) continue;
        if (parked.documents.has(id)) {
          refuse(event, id, 'waits behind an earlier event of its document');
          continue;
        }
        try {
          state.document = definition.handlers.get(event.type)?.fold(state.document, event, id);
          if (!seen) state.position = event.position;
          touched.push({ id, position: event.position });
        } catch (error) {
          refuse(event, id, messageOf(error));
        }
      }
    }

    // 4. What changed.
    const puts: DocumentPut[] = [];
    const removes: string[] = [];
    for (const [id, { document, position, before }] of working) {
      if (document === before || position === undefined) continue;
      if (document === undefined) removes.push(id);
      else puts.push({ id, document, position });
    }
    return { puts, removes, touched, refusals };
  };
};
