import { categoryOf, type EventFilter, type StoredEvent } from '../port.ts';

/** Held at most: what is more goes from the oldest on. */
const most = { events: 4096, bytes: 4 * 1024 * 1024 };

/**
 * The events that this process committed last, as the file has them. Who follows the log closely gets them from here, all of them the
 * same values; who reads it (also to see whether somebody changed it) gets what the file says.
 */
export type Recent = {
  /** What one commit added, in order. */
  add(committed: readonly StoredEvent[]): void;
  /** The events after a position up to the head, `limit` at most; undefined: not all of them are here. */
  after(position: number, head: number, limit: number): readonly StoredEvent[] | undefined;
};

const sizeOf = ({ data, metadata }: StoredEvent): number => data.byteLength + metadata.byteLength;

export const openRecent = (): Recent => {
  let kept: StoredEvent[] = [];
  let bytes = 0;
  return {
    add: (committed) => {
      const last = kept.at(-1);
      // Another process wrote in between: what is kept must have no gaps.
      if (last !== undefined && committed[0]?.position !== last.position + 1n) {
        kept = [];
        bytes = 0;
      }
      for (const event of committed) {
        kept.push(event);
        bytes += sizeOf(event);
      }
      if (kept.length <= most.events && bytes <= most.bytes) return;
      // Half of it at once, so that this is seldom.
      let gone = 0;
      for (const event of kept) {
        if (kept.length - gone <= most.events / 2 && bytes <= most.bytes / 2) break;
        gone += 1;
        bytes -= sizeOf(event);
      }
      kept = kept.slice(gone);
    },
    after: (position, head, limit) => {
      const [first] = kept;
      const last = kept.at(-1);
      if (first === undefined || last === undefined || Number(last.position) !== head) return undefined;
      const from = position + 1 - Number(first.position);
      return from < 0 ? undefined : kept.slice(from, from + limit);
    },
  };
};

export const matches = (filter: EventFilter | undefined, { stream, type }: StoredEvent): boolean =>
  (filter?.categories === undefined || filter.categories.includes(categoryOf(stream))) &&
  (filter?.types === undefined || filter.types.includes(type));
