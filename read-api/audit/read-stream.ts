import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import type { LogReader } from '../state-from-log.ts';

/** A revision (inclusive), or the position of an event that is not shown any more. */
export type Until = { readonly revision: bigint } | { readonly before: bigint } | undefined;

/** The events of a stream from the first on; undefined: all. */
export const readUntil = async (
  { store, codec }: LogReader,
  stream: string,
  until: Until,
): Promise<readonly Decoded[]> => {
  const all: Decoded[] = [];
  const limit = until !== undefined && 'revision' in until ? { limit: Number(until.revision) + 1 } : {};
  for await (const batch of store.readStream(stream, limit)) {
    const kept = until !== undefined && 'before' in until ? batch.filter((e) => e.position < until.before) : batch;
    for (const decoded of await codec.decode(kept)) all.push(decoded);
    if (kept.length < batch.length) break;
  }
  return all;
};

/** The events, if all of them can be read. */
export const readable = (decoded: readonly Decoded[]): readonly Recorded<DomainEvent>[] | undefined => {
  const events = decoded.flatMap((one) => (one.ok ? [one.event] : []));
  return events.length === decoded.length ? events : undefined;
};
