import type { DomainEvent } from '../../../domain/catalogue.ts';
import type { Recorded } from '../../../domain/event/recorded.ts';
import { isNews } from '../../../domain/notification/news.ts';
import { Broken } from '../broken.ts';

/** Everybody is told of everything that is news to them, once. */
export const checkTold = (log: readonly Recorded<DomainEvent>[]): void => {
  const told = new Map<string, number>();
  for (const event of log)
    if (event.type === 'NotificationRaised') told.set(event.data.cause, (told.get(event.data.cause) ?? 0) + 1);
  for (const event of log) {
    const cause = `${event.stream}@${event.revision}`;
    if (isNews(event) && told.get(cause) !== 1)
      throw new Broken('news is told once', `${cause} ${event.type} was told ${told.get(cause) ?? 0} times`);
  }
};
