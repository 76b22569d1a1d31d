import type { JsonObject } from '../../../domain/event/definition.ts';
import { emptyChain, nextHead } from '../../audit/hash-chain.ts';
import type { AuditRow } from '../../audit/port.ts';
import {
  BehindLive,
  type DeadLetter,
  type DocumentPut,
  type GenerationRef,
  type GenerationState,
  isBehind,
  type ProjectionSink,
  StaleCheckpoint,
} from '../../documents/sink.port.ts';
import { searchEntryOf } from '../../search/entry.ts';
import type { Kept, KeptGeneration, ReadModelDisk } from './read-model-disk.ts';

type OnUndo = (undo: () => void) => void;

export const liveOf = (disk: ReadModelDisk, projection: string): KeptGeneration | undefined =>
  disk.generations.find(({ row }) => row.projection === projection && row.state === 'live');

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const auditRowOf = (n: number, previous: string, { position, document }: DocumentPut): AuditRow => {
  const of = (name: string): string => text(document[name]) ?? '';
  const revision = BigInt(of('revision') || 0);
  const named = { stream: of('stream'), id: of('id'), type: of('type') };
  return {
    ...{ n, position, revision },
    ...named,
    category: of('category'),
    actorId: text(document.actorId),
    correlationId: text(document.correlationId),
    causationId: text(document.causationId),
    commandId: text(document.commandId),
    occurredAt: text(document.occurredAt),
    recordedAt: typeof document.recordedAt === 'number' ? document.recordedAt : 0,
    chain: nextHead(previous, {
      ...named,
      revision,
      dataHash: of('dataHash'),
      metadataHash: of('metadataHash'),
    }),
  };
};

/** Read when somebody asks for it: most versions of a document are written over before. */
const keptOf = (stored: string, position: bigint): Kept => {
  let document: JsonObject | undefined;
  return {
    text: stored,
    position,
    get document(): JsonObject {
      document ??= JSON.parse(stored) as JsonObject;
      return document;
    },
  };
};

const byPlace = (a: DeadLetter, b: DeadLetter): number =>
  a.position !== b.position ? (a.position < b.position ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** `ProjectionSink` over a simulated file. */
export const memorySink = (disk: ReadModelDisk): ProjectionSink => {
  const { generations, letters, remains, witness } = disk;

  const found = ({ projection, generation }: GenerationRef): KeptGeneration | undefined =>
    generations.find(({ row }) => row.projection === projection && row.generation === generation);
  const locate = (ref: GenerationRef): KeptGeneration => {
    const kept = found(ref);
    if (kept === undefined) throw new Error(`${ref.projection} has no generation ${ref.generation}`);
    return kept;
  };

  const replace = (kept: KeptGeneration, row: KeptGeneration['row'], onUndo: OnUndo): void => {
    const before = kept.row;
    kept.row = row;
    onUndo(() => {
      kept.row = before;
    });
  };
  const setState = (kept: KeptGeneration, state: GenerationState, onUndo: OnUndo): void =>
    replace(kept, { ...kept.row, state }, onUndo);

  const keep = (kept: KeptGeneration, id: string, now: Kept | undefined, onUndo: OnUndo): void => {
    const before = kept.documents.get(id);
    if (before !== undefined) remains.add(before.text);
    if (now === undefined) kept.documents.delete(id);
    else kept.documents.set(id, now);
    witness(kept.row, id, now);
    onUndo(() => {
      if (now !== undefined) remains.add(now.text);
      if (before === undefined) kept.documents.delete(id);
      else kept.documents.set(id, before);
    });
  };

  const keepLetter = (id: string, letter: DeadLetter | undefined, onUndo: OnUndo): void => {
    const before = letters.get(id);
    if (letter === undefined) letters.delete(id);
    else letters.set(id, letter);
    onUndo(() => {
      if (before === undefined) letters.delete(id);
      else letters.set(id, before);
    });
  };

  const appendRow = (kept: KeptGeneration, put: DocumentPut, onUndo: OnUndo): void => {
    const last = kept.audit.at(-1);
    kept.audit.push(auditRowOf((last?.n ?? 0) + 1, last?.chain ?? emptyChain, put));
    onUndo(() => kept.audit.pop());
  };

  const store = (kept: KeptGeneration, { id, document, position }: DocumentPut, onUndo: OnUndo): void => {
    if (kept.kind === 'audit') {
      appendRow(kept, { id, document, position }, onUndo);
      return;
    }
    if (kept.kind === 'search') searchEntryOf(document);
    keep(kept, id, keptOf(JSON.stringify(document), position), onUndo);
  };

  return {
    generations: async (projection) =>
      generations
        .map(({ row }) => row)
        .filter((row) => projection === undefined || row.projection === projection)
        .sort((a, b) =>
          a.projection === b.projection ? a.generation - b.generation : a.projection < b.projection ? -1 : 1,
        ),
    create: async ({ kind, indexes: _, ...row }) =>
      disk.atomically((onUndo) => {
        const taken = generations.some(
          (each) => each.row.projection === row.projection && each.row.generation === row.generation,
        );
        if (taken) throw new Error(`${row.projection} generation ${row.generation} exists`);
        if (row.state === 'live' && liveOf(disk, row.projection) !== undefined)
          throw new Error(`${row.projection} has a live generation`);
        const kept: KeptGeneration = { row: { ...row, checkpoint: undefined }, kind, documents: new Map(), audit: [] };
        generations.push(kept);
        onUndo(() => generations.splice(generations.indexOf(kept), 1));
      }),
    load: async (ref, ids) => {
      const { kind, documents } = locate(ref);
      if (kind === 'audit') return new Map();
      return new Map(
        ids.flatMap((id) => {
          const kept = documents.get(id);
          return kept === undefined ? [] : [[id, { document: kept.document, position: kept.position }] as const];
        }),
      );
    },
    write: async (ref, batch) =>
      disk.atomically((onUndo) => {
        const kept = locate(ref);
        if (kept.row.checkpoint !== batch.after) throw new StaleCheckpoint(ref, batch.after);
        if (kept.row.state === 'dropped') throw new Error(`${ref.projection} generation ${ref.generation} is dropped`);
        replace(kept, { ...kept.row, checkpoint: batch.checkpoint }, onUndo);
        for (const put of batch.puts) store(kept, put, onUndo);
        for (const id of batch.removes) if (kept.documents.has(id)) keep(kept, id, undefined, onUndo);
        for (const id of batch.settled ?? []) keepLetter(id, undefined, onUndo);
        for (const letter of batch.deadLetters) if (!letters.has(letter.id)) keepLetter(letter.id, letter, onUndo);
      }),
    advance: async (moves) =>
      disk.atomically((onUndo) =>
        moves.flatMap(({ ref, after, checkpoint }) => {
          const kept = found(ref);
          if (kept === undefined || kept.row.state === 'dropped' || kept.row.checkpoint !== after) return [ref];
          replace(kept, { ...kept.row, checkpoint }, onUndo);
          return [];
        }),
      ),
    activate: async (ref, { unlessBehind = false } = {}) =>
      disk.atomically((onUndo) => {
        const kept = locate(ref);
        if (kept.row.state === 'live') return;
        if (kept.row.state === 'dropped') throw new Error(`${ref.projection} generation ${ref.generation} is dropped`);
        const live = liveOf(disk, ref.projection);
        if (unlessBehind && isBehind(kept.row.checkpoint, live?.row.checkpoint)) throw new BehindLive(ref);
        if (live !== undefined) setState(live, 'retained', onUndo);
        setState(kept, 'live', onUndo);
      }),
    drop: async (ref) =>
      disk.atomically((onUndo) => {
        const kept = locate(ref);
        if (kept.row.state === 'dropped') return;
        if (kept.row.state === 'live') throw new Error(`${ref.projection} generation ${ref.generation} is live`);
        for (const id of [...kept.documents.keys()]) keep(kept, id, undefined, onUndo);
        for (const [id, { projection, generation }] of [...letters])
          if (projection === ref.projection && generation === ref.generation) keepLetter(id, undefined, onUndo);
        setState(kept, 'dropped', onUndo);
      }),
    deadLetters: async ({ projection, generation, id, documentId, stream, after, limit }) =>
      [...letters.values()]
        .filter(
          (letter) =>
            (projection === undefined || letter.projection === projection) &&
            (generation === undefined || letter.generation === generation) &&
            (id === undefined || letter.id === id) &&
            (documentId === undefined || letter.documentId === documentId) &&
            (stream === undefined || letter.stream === stream) &&
            (after === undefined ||
              letter.position > after.position ||
              (letter.position === after.position && letter.id > after.id)),
        )
        .sort(byPlace)
        .slice(0, limit),
    parked: async (ref) => {
      const own = [...letters.values()].filter(
        ({ projection, generation }) => projection === ref.projection && generation === ref.generation,
      );
      return {
        streams: [...new Set(own.flatMap(({ stream, documentId }) => (documentId === null ? [stream] : [])))],
        documents: [...new Set(own.flatMap(({ documentId }) => (documentId === null ? [] : [documentId])))],
      };
    },
    park: async (parked) =>
      disk.atomically((onUndo) => {
        for (const letter of parked) keepLetter(letter.id, letter, onUndo);
      }),
    removeDeadLetters: async (ids) =>
      disk.atomically((onUndo) => {
        for (const id of ids) keepLetter(id, undefined, onUndo);
      }),
  };
};
