import {
  type Appended,
  categoryOf,
  type EventFilter,
  type ExpectedRevision,
  type NewEvent,
  type StoredEvent,
  WrongExpectedRevision,
} from '../../event-store/port.ts';

export type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
};

/** What of the log is on the disk for good. It outlives every process that writes to it. */
export type LogDisk = {
  readonly events: readonly StoredEvent[];
  stream(name: string): readonly StoredEvent[];
  /** @throws WrongExpectedRevision */
  write(append: Append): { readonly appended: Appended; readonly wrote: boolean };
  /** Calls back after each write that changed something; the returned function ends that. */
  onWrite(callback: () => void): () => void;
  written(): void;
};

export const matches = (filter: EventFilter | undefined, { stream, type }: StoredEvent): boolean =>
  (filter?.categories === undefined || filter.categories.includes(categoryOf(stream))) &&
  (filter?.types === undefined || filter.types.includes(type));

/** `wallMs` stamps what is recorded; `keep` sees every event as it becomes durable; `before`: a log that there is already. */
export const openLogDisk = (
  wallMs: () => number,
  keep: (event: StoredEvent) => void = () => {},
  before: readonly StoredEvent[] = [],
): LogDisk => {
  const events: StoredEvent[] = [...before];
  const streams = Map.groupBy(events, ({ stream }) => stream);
  const watchers = new Set<() => void>();

  const write: LogDisk['write'] = ({ stream, expected, events: fresh }) => {
    const held = streams.get(stream) ?? [];
    const at = expected === 'no_stream' ? 0 : Number(expected) + 1;
    const conflict = () =>
      new WrongExpectedRevision(stream, expected, held.length === 0 ? 'no_stream' : BigInt(held.length - 1));
    if (at > held.length) throw conflict();
    if (at < held.length) {
      const slots = held.slice(at, at + fresh.length);
      const last = slots.at(-1);
      const same = slots.length === fresh.length && slots.every(({ id }, n) => id === fresh[n]?.id);
      if (!same || last === undefined) throw conflict();
      return { appended: { revision: last.revision, position: last.position }, wrote: false };
    }
    const recordedAt = Math.floor(wallMs());
    for (const { id, type, data, metadata } of fresh) {
      const event: StoredEvent = {
        ...{ id, type, data, metadata, stream, recordedAt },
        revision: BigInt(held.length),
        position: BigInt(events.length),
      };
      held.push(event);
      events.push(event);
      keep(event);
    }
    streams.set(stream, held);
    return { appended: { revision: BigInt(held.length - 1), position: BigInt(events.length - 1) }, wrote: true };
  };

  return {
    events,
    stream: (name) => streams.get(name) ?? [],
    write,
    onWrite: (callback) => {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
    written: () => {
      for (const callback of [...watchers]) callback();
    },
  };
};
