import type { DomainEvent } from '../../domain/catalogue.ts';
import { domainError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { categoryOf } from '../../infra/event-store/port.ts';
import type { Projection } from '../../projections/definition.ts';
import { categoriesOf } from '../../projections/engine/categories.ts';
import type { LogReader } from '../state-from-log.ts';
import { personalMarks, sealedMarks } from './personal-marks.ts';
import { withPersonal } from './seal.ts';

/** How long one replay may take, milliseconds. */
const longest = 30_000;
const pageSize = 200;

export type DocumentAsOf = {
  readonly document: JsonObject;
  /** Of the last event that the document has seen. */
  readonly position: bigint;
  /** How many it has seen. */
  readonly events: number;
};

/**
 * The document of a projection as the events before position `before` make it, personal fields sealed; undefined: there was
 * none. Reads the events that the projection handles in short pages, the event loop is free between two; what can't be read is left out,
 * and a document whose fold refused an event stays as it was, as in the projection itself.
 * @throws DomainError UNAVAILABLE when the replay takes longer than half a minute
 */
export const documentAsOf = async (
  { store, codec, clock }: LogReader & { readonly clock: Clock },
  definition: Projection,
  id: string,
  before: bigint,
): Promise<DocumentAsOf | undefined> => {
  const markOf = personalMarks();
  const until = clock.now() + longest;
  let document: JsonObject | undefined;
  let [position, events] = [0n, 0];
  const answer = (): DocumentAsOf | undefined =>
    document === undefined ? undefined : { document: sealedMarks(document), position, events };

  const types = [...definition.handlers.keys()];
  const pages = store.readAll({ filter: { categories: categoriesOf(types), types }, batchSize: pageSize });
  for await (const page of pages) {
    if (clock.now() >= until) throw domainError('UNAVAILABLE', 'The replay takes too long; ask for an earlier time.');
    const within = page.filter((stored) => stored.position < before);
    for (const decoded of await codec.decode(within)) {
      const handler = decoded.ok ? definition.handlers.get(decoded.event.type) : undefined;
      if (!decoded.ok || handler === undefined) continue;
      const data: JsonObject = withPersonal(
        categoryOf(decoded.event.stream),
        decoded.event.type,
        decoded.event.data,
        markOf,
      );
      // The shape is the event's own, texts stand for texts.
      const event = { ...decoded.event, data } as Recorded<DomainEvent>;
      try {
        const ids = handler.ids(event);
        if (typeof ids === 'string' ? ids !== id : !ids.includes(id)) continue;
        document = handler.fold(document, event, id);
      } catch {
        return answer(); // the projection parks the document behind this event
      }
      position = event.position;
      events += 1;
    }
    if (within.length < page.length) break;
  }
  return answer();
};
