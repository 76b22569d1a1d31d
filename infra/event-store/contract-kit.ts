import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, StoredEvent, SubscriptionBatch } from './port.ts';

/** What one test of the contract works with: an open store, and names that nobody else uses. */
export type World = {
  readonly store: EventStore;
  readonly stream: string;
  readonly category: string;
  /** Closes the store that is open and opens the same log again. */
  reopen(): Promise<EventStore>;
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (event: StoredEvent): string => new TextDecoder().decode(event.data);

/** An event with an id of its own. */
export const anEvent = (content = 'x', type = 'Happened'): NewEvent => ({
  id: randomUUID(),
  type,
  data: bytes(content),
  metadata: bytes('{}'),
});
export const someEvents = (count: number, type = 'Happened'): readonly NewEvent[] =>
  Array.from({ length: count }, (_, i) => anEvent(String(i), type));

/** All of a finite read. */
export const all = async (batches: AsyncIterable<readonly StoredEvent[]>): Promise<readonly StoredEvent[]> =>
  (await Array.fromAsync(batches)).flat();

/** The batches of a subscription up to the first that makes `enough` true; then it is aborted and must end. */
export const until = async (
  subscribe: (signal: AbortSignal) => AsyncIterable<SubscriptionBatch>,
  enough: (events: readonly StoredEvent[], batch: SubscriptionBatch) => boolean,
): Promise<{ readonly events: readonly StoredEvent[]; readonly batches: readonly SubscriptionBatch[] }> => {
  const abort = new AbortController();
  const events: StoredEvent[] = [];
  const batches: SubscriptionBatch[] = [];
  for await (const batch of subscribe(abort.signal)) {
    batches.push(batch);
    events.push(...batch.events);
    if (enough(events, batch)) abort.abort();
  }
  return { events, batches };
};

/** Whether each position is greater than the one before. */
export const increasing = (positions: readonly bigint[]): boolean =>
  positions.every((position, i) => i === 0 || position > (positions[i - 1] ?? position));
