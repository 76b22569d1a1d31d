import type { Documents } from './port.ts';
import type { DeadLetter, Generation, ProjectionSink } from './sink.port.ts';

const inOrder = (a: Generation, b: Generation): number =>
  a.projection === b.projection ? a.generation - b.generation : a.projection < b.projection ? -1 : 1;

const byPosition = (a: DeadLetter, b: DeadLetter): number =>
  a.position === b.position ? (a.id < b.id ? -1 : 1) : a.position < b.position ? -1 : 1;

/** One sink over `sinks`, of which each keeps some projections whole: `of` says which keeps the one named. */
export const sinkByProjection = (
  sinks: readonly ProjectionSink[],
  of: (projection: string) => ProjectionSink,
): ProjectionSink => ({
  generations: async (projection) =>
    projection === undefined
      ? (await Promise.all(sinks.map((sink) => sink.generations()))).flat().sort(inOrder)
      : of(projection).generations(projection),
  create: (generation) => of(generation.projection).create(generation),
  load: (ref, ids) => of(ref.projection).load(ref, ids),
  write: (ref, batch) => of(ref.projection).write(ref, batch),
  advance: async (moves) => {
    const ofEach = Map.groupBy(moves, ({ ref }) => of(ref.projection));
    return (await Promise.all([...ofEach].map(([sink, own]) => sink.advance(own)))).flat();
  },
  activate: (ref, options) => of(ref.projection).activate(ref, options),
  drop: (ref) => of(ref.projection).drop(ref),
  deadLetters: async (query) =>
    query.projection === undefined
      ? (await Promise.all(sinks.map((sink) => sink.deadLetters(query)))).flat().sort(byPosition).slice(0, query.limit)
      : of(query.projection).deadLetters(query),
  parked: (ref) => of(ref.projection).parked(ref),
  park: async (letters) => {
    const ofEach = Map.groupBy(letters, ({ projection }) => of(projection));
    await Promise.all([...ofEach].map(([sink, own]) => sink.park(own)));
  },
  removeDeadLetters: async (ids) => {
    await Promise.all(sinks.map((sink) => sink.removeDeadLetters(ids)));
  },
});

/** The read side of the same. */
export const documentsByProjection = (all: readonly Documents[], of: (projection: string) => Documents): Documents => ({
  get: (projection, id) => of(projection).get(projection, id),
  getMany: (projection, ids) => of(projection).getMany(projection, ids),
  find: (projection, query) => of(projection).find(projection, query),
  count: (projection, where) => of(projection).count(projection, where),
  position: (projection) => of(projection).position(projection),
  changes: (projections) => all.reduce((sum, documents) => sum + documents.changes(projections), 0),
});
