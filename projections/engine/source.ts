import type { ProjectionSink, SinkKind } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import type { Projection } from '../definition.ts';
import { auditFold } from './audit-rows.ts';
import { categoriesOf } from './categories.ts';
import { type Fold, foldOf } from './fold-batch.ts';
import { gatheredMoves, type MoveCheckpoint } from './gathered-moves.ts';

/** What the engine feeds: a definition of any kind with its sink. */
export type Source = {
  readonly name: string;
  readonly version: number;
  readonly kind: SinkKind;
  readonly indexes: readonly (readonly string[])[];
  readonly sink: ProjectionSink;
  /** Of that sink, with the others that are fed into it. */
  readonly moveCheckpoint: MoveCheckpoint;
  /** Categories of streams that a rebuild reads; undefined: all. */
  readonly categories: readonly string[] | undefined;
  /** False: folding the event changes nothing, whatever was parked. */
  readonly concerns: (event: Decoded) => boolean;
  readonly fold: Fold;
};

export type Sinks = Readonly<Record<SinkKind, ProjectionSink>>;

/** Name of the audit index among the projections, and the version of its rows. */
export const auditProjection = 'audit';
export const auditVersion = 2;

/** The sources of the definitions, and the audit index's, if that is fed. @throws Error when two have one name */
export const sourcesOf = (definitions: readonly Projection[], sinks: Sinks, withAudit = true): readonly Source[] => {
  const moves = new Map<ProjectionSink, MoveCheckpoint>();
  const into = (sink: ProjectionSink) => {
    const moveCheckpoint = moves.get(sink) ?? gatheredMoves(sink);
    moves.set(sink, moveCheckpoint);
    return { sink, moveCheckpoint };
  };
  const sources: Source[] = definitions.map((definition) => ({
    name: definition.name,
    version: definition.version,
    kind: definition.sink,
    indexes: definition.indexes ?? [],
    ...into(sinks[definition.sink]),
    categories: categoriesOf(definition.handlers.keys()),
    concerns: (event) => !event.ok || definition.handlers.has(event.event.type),
    fold: foldOf(definition),
  }));
  const audit: Source = {
    name: auditProjection,
    version: auditVersion,
    kind: 'audit',
    indexes: [],
    ...into(sinks.audit),
    categories: undefined,
    concerns: () => true,
    fold: auditFold,
  };
  if (withAudit) sources.push(audit);
  const names = new Set(sources.map((source) => source.name));
  if (names.size !== sources.length) throw new Error('two projections have one name');
  return sources;
};
