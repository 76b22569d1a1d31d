import type { GenerationRef } from './sink.port.ts';

/** The events that were applied to one document, as far as one generation of its projection goes. */
export type DocumentHistory = {
  readonly generation: GenerationRef;
  /** Everything up to here is in it; undefined: nothing yet. */
  readonly checkpoint: bigint | undefined;
  /** Of the events, ascending. */
  readonly positions: readonly bigint[];
  /** Streams and documents that wait behind a dead letter: what comes behind the checkpoint is not applied to them either. */
  readonly waiting: { readonly streams: readonly string[]; readonly documents: readonly string[] };
};

/**
 * From a document to its events: kept with each generation of the read models in the transaction that moves its checkpoint, gone
 * with the generation, made anew by a rebuild. It holds document ids and positions, nothing of the events. Removing a document (also by
 * erasure) does not take it away: it tells of the past.
 */
export type DocumentHistories = {
  /**
   * The history of a document before a position, from the generation that this version of the projection's definition has built the
   * furthest; undefined: there is none.
   */
  find(projection: string, version: number, documentId: string, before: bigint): Promise<DocumentHistory | undefined>;
};
