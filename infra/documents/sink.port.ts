import type { JsonObject } from '../../domain/event/definition.ts';

/** What a read model is for: plain documents, documents that are searched (`SearchEntry`), or the audit index. */
export type SinkKind = 'documents' | 'search' | 'audit';

/**
 * `building`: fed, not read. `live`: what readers see, one a projection. `retained`: the one before, still fed, so that one
 * can roll back. `dropped`: its data is gone; the row stays, so a number is never used twice.
 */
export type GenerationState = 'building' | 'live' | 'retained' | 'dropped';

/** A projection's data, built by one definition from the beginning of the log. Numbers grow, with gaps allowed. */
export type GenerationRef = { readonly projection: string; readonly generation: number };

export type Generation = GenerationRef & {
  /** Version of the definition that began it. */
  readonly version: number;
  readonly state: GenerationState;
  /** Everything up to here is in it; undefined before the first event. */
  readonly checkpoint: bigint | undefined;
  /** Head of the log when it was begun; undefined: the log was empty. A rebuild asked for up to here is answered by it. */
  readonly bornAt: bigint | undefined;
};

export type NewGeneration = GenerationRef & {
  readonly version: number;
  readonly state: 'building' | 'live';
  readonly bornAt: bigint | undefined;
  readonly kind: SinkKind;
  /** Dotted paths that queries filter and sort by together, in this order. */
  readonly indexes: readonly (readonly string[])[];
};

/** `position` is that of the last event applied to the document. */
export type StoredDocument = { readonly document: JsonObject; readonly position: bigint };
export type DocumentPut = StoredDocument & { readonly id: string };

/** The event at `position` was applied to the document. */
export type DocumentTouch = { readonly id: string; readonly position: bigint };

/** An event that a projection could not apply, kept until an operator replays or discards it. Holds no event data. */
export type DeadLetter = GenerationRef & {
  readonly id: string;
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly eventId: string;
  readonly eventType: string;
  /** The document whose fold refused the event; null: the event could not be read, its whole stream waits. */
  readonly documentId: string | null;
  readonly reason: string;
  /** Milliseconds since the Unix epoch. */
  readonly parkedAt: number;
};

export type SinkBatch = {
  /** In the order in which the batch first touched them; at most one an id. */
  readonly puts: readonly DocumentPut[];
  readonly removes: readonly string[];
  /** For the history of the documents (see `history.port.ts`), no pair twice; absent: nothing, as for the audit index. */
  readonly touched?: readonly DocumentTouch[];
  readonly deadLetters: readonly DeadLetter[];
  /** Ids of dead letters that this batch settles: removed before those above are added. */
  readonly settled?: readonly string[];
  /** The fence: the checkpoint that the batch was folded on. */
  readonly after: bigint | undefined;
  readonly checkpoint: bigint;
};

/** A batch that held nothing for the generation. `after` is the fence, as in `SinkBatch`. */
export type CheckpointMove = {
  readonly ref: GenerationRef;
  readonly after: bigint | undefined;
  readonly checkpoint: bigint;
};

export type DeadLetterQuery = {
  readonly projection?: string;
  readonly generation?: number;
  readonly id?: string;
  readonly documentId?: string;
  readonly stream?: string;
  /** Position and id of the last one of the page before. */
  readonly after?: { readonly position: bigint; readonly id: string };
  readonly limit: number;
};

/** The write side of the read models. One sink holds any number of projections and generations. */
export type ProjectionSink = {
  /** All of them, the dropped included; of one projection when named. By projection, then number. */
  generations(projection?: string): Promise<readonly Generation[]>;
  /** @throws Error when the number is taken */
  create(generation: NewGeneration): Promise<void>;
  /** Missing ids are missing in the answer. The audit index answers nothing: it is only appended to. */
  load(ref: GenerationRef, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * All of the batch or nothing; once it resolves readers of the live generation see it.
   * @throws StaleCheckpoint when the checkpoint is not `after` any more (another worker wrote): load anew
   */
  write(ref: GenerationRef, batch: SinkBatch): Promise<void>;
  /**
   * Moves checkpoints, together. Answers the generations whose checkpoint it left: it was not `after` any more, or they are dropped or
   * unknown. The others moved all the same.
   */
  advance(moves: readonly CheckpointMove[]): Promise<readonly GenerationRef[]>;
  /**
   * Readers see this generation from now on, all at once; the one they saw becomes `retained`.
   * @throws BehindLive with `unlessBehind`, when the one they see is further on (another worker feeds it): nobody is taken back in time
   */
  activate(ref: GenerationRef, options?: { readonly unlessBehind?: boolean }): Promise<void>;
  /** Frees a generation that is not live, with its dead letters. Dropping twice is once. @throws Error when it is live */
  drop(ref: GenerationRef): Promise<void>;
  /** By position, then id. */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** Streams and documents that wait behind a dead letter. */
  parked(ref: GenerationRef): Promise<{ readonly streams: readonly string[]; readonly documents: readonly string[] }>;
  /** Keeps dead letters outside of a batch; one that is there already is replaced. */
  park(deadLetters: readonly DeadLetter[]): Promise<void>;
  removeDeadLetters(ids: readonly string[]): Promise<void>;
};

/** Of two checkpoints. */
export const isBehind = (one: bigint | undefined, other: bigint | undefined): boolean =>
  other !== undefined && (one === undefined || one < other);

export class BehindLive extends Error {
  override readonly name = 'BehindLive';
  constructor({ projection, generation }: GenerationRef) {
    super(`${projection} generation ${generation} is behind what readers see`);
  }
}

export class StaleCheckpoint extends Error {
  override readonly name = 'StaleCheckpoint';
  constructor(ref: GenerationRef, expected: bigint | undefined) {
    super(`${ref.projection} generation ${ref.generation}: the checkpoint is not ${expected ?? 'empty'} any more`);
  }
}
