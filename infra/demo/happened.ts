import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { EventCodec } from '../event-codec/port.ts';
import type { EventStore } from '../event-store/port.ts';

/** What happened by now on streams of a category, in its order. */
export type Happened = (category: string) => Promise<readonly Recorded<DomainEvent>[]>;

/** Reads each event once: what is asked for again goes on where it ended. */
export const happenedIn = (store: EventStore, codec: EventCodec): Happened => {
  const known = new Map<string, Recorded<DomainEvent>[]>();
  return async (category) => {
    const events = known.get(category) ?? [];
    known.set(category, events);
    const last = events.at(-1);
    const after = last === undefined ? {} : { after: last.position };
    for await (const batch of store.readAll({ ...after, filter: { categories: [category] } }))
      for (const decoded of await codec.decode(batch)) if (decoded.ok) events.push(decoded.event);
    return events;
  };
};
