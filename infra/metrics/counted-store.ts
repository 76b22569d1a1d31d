import { categoryOf, type EventStore } from '../event-store/port.ts';
import type { Metrics } from './port.ts';

/** The store, counting what is appended. */
export const countedStore = (store: EventStore, metrics: () => Pick<Metrics, 'appended'> | undefined): EventStore => ({
  append: async (stream, expected, events) => {
    const appended = await store.append(stream, expected, events);
    metrics()?.appended(categoryOf(stream), events.length);
    return appended;
  },
  readStream: (stream, options) => store.readStream(stream, options),
  readAll: (options) => store.readAll(options),
  subscribe: (options) => store.subscribe(options),
  head: () => store.head(),
  close: () => store.close(),
});
