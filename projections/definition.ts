import type { DomainEvent, EventNamed } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/event/definition.ts';
import type { Recorded } from '../domain/event/recorded.ts';

export type Ids = string | readonly string[];

/** Methods, so that projections of different documents fit into one list: a sink gives back what its own folds made. */
type Handler<Doc> = {
  ids(event: Recorded<DomainEvent>): Ids;
  fold(document: Doc | undefined, event: Recorded<DomainEvent>, id: string): Doc | undefined;
};

export type ProjectionOptions = {
  /** Grows with every change of what documents look like; a higher one than the stored is built anew. */
  readonly version: number;
  readonly sink: 'documents' | 'search';
  /** Fields (dotted paths) that queries filter and sort by together, in this order. */
  readonly indexes?: readonly (readonly string[])[];
};

/**
 * A projection is data about events: for each event type which documents it touches, and how it changes each of them.
 * Folds are pure and total: no clock, no lag, no generation in a document. `undefined` removes the document.
 * Build with `projection(name, options).on(type, ids, fold)`; every `on` answers a new value.
 */
export type Projection<Doc extends JsonObject = JsonObject> = ProjectionOptions & {
  readonly name: string;
  readonly handlers: ReadonlyMap<DomainEvent['type'], Handler<Doc>>;
  on<Type extends DomainEvent['type']>(
    type: Type,
    ids: (event: Recorded<EventNamed<Type>>) => Ids,
    fold: (document: Doc | undefined, event: Recorded<EventNamed<Type>>, id: string) => Doc | undefined,
  ): Projection<Doc>;
};

const isOf = <Type extends DomainEvent['type']>(
  event: Recorded<DomainEvent>,
  type: Type,
): event is Recorded<EventNamed<Type>> => event.type === type;

const narrowed = <Type extends DomainEvent['type']>(
  event: Recorded<DomainEvent>,
  type: Type,
): Recorded<EventNamed<Type>> => {
  if (!isOf(event, type)) throw new Error(`handler of ${type} was given ${event.type}`);
  return event;
};

/** A projection without handlers yet; see {@link Projection}. */
export const projection = <Doc extends JsonObject>(name: string, options: ProjectionOptions): Projection<Doc> => {
  const build = (handlers: ReadonlyMap<DomainEvent['type'], Handler<Doc>>): Projection<Doc> => ({
    ...options,
    name,
    handlers,
    on: (type, ids, fold) =>
      build(
        new Map(handlers).set(type, {
          ids: (event) => ids(narrowed(event, type)),
          fold: (document, event, id) => fold(document, narrowed(event, type), id),
        }),
      ),
  });
  return build(new Map());
};
