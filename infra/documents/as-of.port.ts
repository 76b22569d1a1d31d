import type { JsonObject } from '../../domain/event/definition.ts';

/** A document of a read model as it was, personal fields sealed. */
export type DocumentAsOf = {
  readonly document: JsonObject;
  /** Of the last event that the document has seen. */
  readonly position: bigint;
  /** How many it has seen. */
  readonly events: number;
};

export type DocumentsAsOf = {
  /**
   * The document of a projection as the events before position `before` make it; undefined: there was none. The caller's event loop
   * stays free meanwhile. @throws when `signal` aborts, and when log, keys or read models can't be read
   */
  find(projection: string, documentId: string, before: bigint, signal: AbortSignal): Promise<DocumentAsOf | undefined>;
};
