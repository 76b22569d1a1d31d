import type { DomainEvent } from '../../../domain/catalogue.ts';
import type { JsonObject } from '../../../domain/event/definition.ts';
import type { Recorded } from '../../../domain/event/recorded.ts';
import { definitions } from '../../../projections/definitions.ts';
import { Broken } from '../broken.ts';
import type { ReadModelDisk } from '../stores/read-model-disk.ts';

/** Every version of every document that was ever written: projection → document → texts. */
export type Seen = Map<string, Map<string, Set<string>>>;

type Folded = {
  /** As the documents have to be at the end. */
  readonly end: ReadonlyMap<string, string>;
  /** What each of them was after some event. */
  readonly states: ReadonlyMap<string, ReadonlySet<string>>;
};

/** The slow and obvious way: one event after the other over the whole log, no batches, no checkpoints. */
const foldedBy = (definition: (typeof definitions)[number], log: readonly Recorded<DomainEvent>[]): Folded => {
  const documents = new Map<string, JsonObject>();
  const end = new Map<string, string>();
  const states = new Map<string, Set<string>>();
  for (const event of log) {
    const handler = definition.handlers.get(event.type);
    if (handler === undefined) continue;
    const ids = handler.ids(event);
    for (const id of typeof ids === 'string' ? [ids] : new Set(ids)) {
      const before = documents.get(id);
      const after = handler.fold(before, event, id);
      if (after === before) continue;
      if (after === undefined) {
        documents.delete(id);
        end.delete(id);
        continue;
      }
      const text = JSON.stringify(after);
      documents.set(id, JSON.parse(text));
      end.set(id, text);
      const own = states.get(id) ?? new Set();
      states.set(id, own.add(text));
    }
  }
  return { end, states };
};

/**
 * Each generation equals a fresh fold of the log, the live one and the kept one alike; and no document ever showed a state that a fresh fold does
 * not pass through. `erased`: persons whose documents said more before they were erased.
 */
export const checkReadModels = (
  log: readonly Recorded<DomainEvent>[],
  disk: ReadModelDisk,
  seen: Seen,
  erased: ReadonlySet<string>,
): void => {
  for (const definition of definitions) {
    const { name } = definition;
    const { end, states } = foldedBy(definition, log);
    for (const { row, documents } of disk.generations) {
      if (row.projection !== name || row.state === 'dropped') continue;
      const about = `${name} generation ${row.generation} (${row.state})`;
      for (const [id, text] of end) {
        const kept = documents.get(id)?.text;
        if (kept !== text)
          throw new Broken('read models equal a fresh fold', `${about} ${id}: ${kept}\ninstead of ${text}`);
      }
      for (const [id, { text }] of documents)
        if (!end.has(id)) throw new Broken('read models equal a fresh fold', `${about} ${id} should not be: ${text}`);
    }
    for (const [id, texts] of seen.get(name) ?? []) {
      if (name === 'people' && erased.has(id)) continue;
      for (const text of texts)
        if (states.get(id)?.has(text) !== true)
          throw new Broken('no document shows a state that never was', `${name} ${id}: ${text}`);
    }
  }
};
