import type { Documents } from '../../infra/documents/port.ts';

/** An answer as it goes over the wire. */
export type RememberedAnswer = { readonly bytes: Buffer; readonly etag: string | undefined };

export type RememberedAnswers = {
  /** What was answered at this address, if nothing that it was read from has changed since. */
  find(url: string, reads: readonly string[]): RememberedAnswer | undefined;
  /** The mark to take before an answer is read; undefined: this address was not asked for lately, its answer is not kept. */
  mark(url: string, reads: readonly string[]): number | undefined;
  /** Keeps an answer that was read after the mark was taken: it counts while the mark stands. */
  keep(url: string, mark: number, answer: RememberedAnswer): void;
};

type Kept = RememberedAnswer & {
  readonly mark: number;
  /** Since it was last looked at to make room. */
  given: boolean;
};

const mostBytes = 32 * 1024 * 1024;
const largest = 256 * 1024;
/** What an entry costs beside its bytes and its address. */
const overhead = 200;
const mostAddresses = 4_096;
const longestAddress = 500;

/** The addresses asked for last, in two halves of which the older one is let go whole. */
const recentAddresses = () => {
  let recent = new Set<string>();
  let older = new Set<string>();
  return {
    /** Whether it was asked for lately; from now on it was. */
    again: (url: string): boolean => {
      if (recent.has(url) || older.has(url)) return true;
      if (url.length > longestAddress) return false;
      recent.add(url);
      if (recent.size >= mostAddresses) {
        older = recent;
        recent = new Set();
      }
      return false;
    },
  };
};

/**
 * Answers of the routes that answer every stranger alike, by address. The same is read again while the read models have not
 * changed, so an answer is kept with the count of their changes from before it was read, and is good while the count
 * stands: a write, a switch of generations or an erasure in between, and it is read anew.
 *
 * Kept is what was asked for twice: those who read the whole catalogue once drive nothing out. Bounded by bytes; the oldest goes
 * first, unless it was given since it was last looked at (the algorithm known as CLOCK).
 */
export const rememberedAnswers = (documents: Pick<Documents, 'changes'>, capacity = mostBytes): RememberedAnswers => {
  const kept = new Map<string, Kept>();
  const askedOnce = recentAddresses();
  let bytes = 0;
  const sizeOf = (url: string, answer: RememberedAnswer): number => answer.bytes.length + url.length * 2 + overhead;
  const forget = (url: string): void => {
    const known = kept.get(url);
    if (known === undefined) return;
    kept.delete(url);
    bytes -= sizeOf(url, known);
  };

  return {
    mark: (url, reads) => (kept.has(url) || askedOnce.again(url) ? documents.changes(reads) : undefined),
    find: (url, reads) => {
      const known = kept.get(url);
      if (known === undefined) return undefined;
      if (known.mark !== documents.changes(reads)) return undefined;
      known.given = true;
      return known;
    },
    keep: (url, mark, answer) => {
      forget(url);
      if (answer.bytes.length > largest) return;
      kept.set(url, { ...answer, mark, given: false });
      bytes += sizeOf(url, answer);
      for (const [oldest, known] of kept) {
        if (bytes <= capacity) return;
        if (known.given) {
          known.given = false;
          kept.delete(oldest);
          kept.set(oldest, known);
        } else forget(oldest);
      }
    },
  };
};
