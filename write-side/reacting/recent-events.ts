import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { boundedMap } from '../bounded.ts';

/** Far more than a reactor has under way at once. */
const kept = 2_000;

/**
 * What a reactor was just told of, by the key under which it is driven, so that it need not read it again. A cache: gone once
 * taken, after a restart, and behind newer ones; then the log is read.
 */
export const recentEvents = <Event extends DomainEvent>() => {
  const events = boundedMap<Recorded<DomainEvent> & Event>(kept);
  return {
    remember: events.set,
    take: (key: string): (Recorded<DomainEvent> & Event) | undefined => {
      const event = events.get(key);
      events.delete(key);
      return event;
    },
  };
};
