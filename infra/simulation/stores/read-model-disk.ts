import type { JsonObject } from '../../../domain/event/definition.ts';
import type { AuditRow } from '../../audit/port.ts';
import type { DeadLetter, Generation, SinkKind } from '../../documents/sink.port.ts';

/** `text` is what is stored; `document` the same, read. */
export type Kept = { readonly document: JsonObject; readonly text: string; readonly position: bigint };

export type KeptGeneration = {
  row: Generation;
  readonly kind: SinkKind;
  readonly documents: Map<string, Kept>;
  readonly audit: AuditRow[];
};

/** Told of each version of a document as it is written, and of each that goes. */
export type Witness = (generation: Generation, id: string, kept: Kept | undefined) => void;

/**
 * The file of the read models. What a transaction did can be taken back until `sync`: a power cut loses the last transactions,
 * never a part of one.
 */
export type ReadModelDisk = {
  readonly generations: KeptGeneration[];
  readonly letters: Map<string, DeadLetter>;
  /** Texts that were written over or removed: they lie in the file until it is scrubbed. */
  readonly remains: Set<string>;
  readonly witness: Witness;
  /** Runs `work` as one transaction: what it threw away is put back when it throws. */
  atomically<T>(work: (onUndo: (undo: () => void) => void) => T): T;
  /** How many of the last transactions a power cut may lose. */
  unsynced(): number;
  sync(): void;
  loseLast(transactions: number): void;
  /** How often transactions were lost: a call on its way ends with the machine. */
  powerCuts(): number;
};

/** `before`: generations that there are already; they are copied. */
export const openReadModelDisk = (
  witness: Witness = () => {},
  before: readonly KeptGeneration[] = [],
): ReadModelDisk => {
  let journal: (() => void)[] = [];
  let powerCuts = 0;
  const undoAll = (undos: readonly (() => void)[]): void => {
    for (const undo of undos.toReversed()) undo();
  };
  return {
    generations: before.map(({ row, kind, documents, audit }) => ({
      ...{ row, kind },
      documents: new Map(documents),
      audit: [...audit],
    })),
    letters: new Map(),
    remains: new Set(),
    witness,
    atomically: (work) => {
      const undos: (() => void)[] = [];
      try {
        const result = work((undo) => undos.push(undo));
        journal.push(() => undoAll(undos));
        return result;
      } catch (error) {
        undoAll(undos);
        throw error;
      }
    },
    unsynced: () => journal.length,
    sync: () => {
      journal = [];
    },
    powerCuts: () => powerCuts,
    loseLast: (transactions) => {
      if (transactions > 0) powerCuts += 1;
      const lost = journal.splice(Math.max(0, journal.length - transactions));
      undoAll(lost);
      journal = [];
    },
  };
};
