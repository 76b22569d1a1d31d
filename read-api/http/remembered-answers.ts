import type { Documents } from '../../infra/documents/port.ts';

/** An answer as it goes over the wire. */
export type RememberedAnswer = { readonly bytes: Buffer; readonly etag: string | undefined };

export type RememberedAnswers = {
  /** What was answered at this address, if nothing that it was read from has changed since. */
  find(url: string, reads: readonly string[]): RememberedAnswer | undefined;
  /** The mark to take before an answer is read. */
  mark(reads: readonly string[]): number;
  /** Keeps an answer that was read after the mark was taken: it counts while the mark stands. */
  keep(url: string, mark: number, answer: RememberedAnswer): void;
};

const mostBytes = 32 * 1024 * 1024;
const largest = 256 * 1024;
/** What an entry costs beside its bytes and its address. */
const overhead = 200;

/**
 * Answers of the routes that answer every stranger alike, by address. The same is read again while the read models have not
 * changed, so an answer is kept with the count of their changes from before it was read, and is good while the count
 * stands: a write, a switch of generations or an erasure in between, and it is read anew. Bounded by bytes; what was asked for longest
 * ago goes first.
 */
export const rememberedAnswers = (documents: Pick<Documents, 'changes'>, capacity = mostBytes): RememberedAnswers => {
  const kept = new Map<string, RememberedAnswer & { readonly mark: number }>();
  let bytes = 0;
  const sizeOf = (url: string, answer: RememberedAnswer): number => answer.bytes.length + url.length * 2 + overhead;
  const forget = (url: string): void => {
    const known = kept.get(url);
    if (known === undefined) return;
    kept.delete(url);
    bytes -= sizeOf(url, known);
  };

  return {
    mark: (reads) => documents.changes(reads),
    find: (url, reads) => {
      const known = kept.get(url);
      if (known === undefined) return undefined;
      if (known.mark !== documents.changes(reads)) {
        forget(url);
        return undefined;
      }
      kept.delete(url);
      kept.set(url, known);
      return known;
    },
    keep: (url, mark, answer) => {
      forget(url);
      if (answer.bytes.length > largest) return;
      kept.set(url, { ...answer, mark });
      bytes += sizeOf(url, answer);
      for (const [oldest] of kept) {
        if (bytes <= capacity) return;
        forget(oldest);
      }
    },
  };
};
