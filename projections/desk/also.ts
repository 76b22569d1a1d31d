import type { DomainEvent, EventNamed } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { Ids, Projection } from '../definition.ts';
import { type DeskDocument, idOf } from './document.ts';

/** One more kind of desk documents for events that may concern others already. `own` tells its ids by their process. */
export const also = <Type extends DomainEvent['type']>(
  desk: Projection<DeskDocument>,
  process: string,
  type: Type,
  ids: (event: Recorded<EventNamed<Type>>) => readonly string[],
  fold: (before: DeskDocument | undefined, event: Recorded<EventNamed<Type>>, id: string) => DeskDocument | undefined,
): Projection<DeskDocument> => {
  const known = desk.handlers.get(type);
  const listed = (of: Ids): readonly string[] => (typeof of === 'string' ? [of] : of);
  return desk.on(
    type,
    (event) => [
      ...(known === undefined ? [] : listed(known.ids(event))),
      ...ids(event).map((key) => idOf(process, key)),
    ],
    (before, event, id) =>
      known === undefined || id.startsWith(`${process}:`) ? fold(before, event, id) : known.fold(before, event, id),
  );
};
