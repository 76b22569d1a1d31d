import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { ProjectionControlEvent } from './events.ts';

/** The generation that is not fed; the pause of a rebuild ends with the rebuild. */
export type Pause = { readonly generation: number; readonly what: 'rebuild' | 'feed' };

type Facts = {
  /** The one readers see. */
  readonly generation: number;
  /** The highest that was ever asked for or switched to. */
  readonly highest: number;
  /** The highest that readers ever saw. */
  readonly switched: number;
  readonly paused?: Pause;
};
/** Every projection begins with generation 1, without an event. */
export type ProjectionControl =
  | (Facts & { readonly status: 'settled' })
  | (Facts & { readonly status: 'rebuilding'; readonly next: number });

/** The generations that the read models hold at present: a release with a new definition builds one without being asked. */
export type Standing = {
  readonly live: number | undefined;
  readonly building: number | undefined;
  /** Kept, and readable by this release. */
  readonly retained: number | undefined;
};

export type ProjectionControlCommand =
  | {
      readonly type: 'RequestRebuild';
      readonly projection: string;
      /** The number to use; must be above every one before. Absent: the next one. */
      readonly generation?: number;
      readonly reason?: string;
    }
  | { readonly type: 'RecordSwitch'; readonly projection: string; readonly generation: number }
  | {
      readonly type: 'Pause' | 'Resume' | 'CancelRebuild' | 'RollBack' | 'DropRetained';
      readonly projection: string;
      readonly standing: Standing;
    };
type Order = Extract<ProjectionControlCommand, { standing: Standing }>;

const refuse = (detail: string) => domainError('PROJECTION_STATE', detail);

/** What is built: as ordered, or as a release began it by itself. */
const buildOf = (control: ProjectionControl, { live, building }: Standing): number | undefined =>
  building ?? (control.status === 'rebuilding' && control.next !== live ? control.next : undefined);

const obey = ({ type, projection, standing }: Order, control: ProjectionControl): ProjectionControlEvent => {
  const build = buildOf(control, standing);
  const { live, retained } = standing;
  switch (type) {
    case 'Pause': {
      if (control.paused !== undefined) throw refuse('It is paused already');
      const generation = build ?? live;
      if (generation === undefined) throw refuse('There is nothing to pause');
      const what = build === undefined ? 'feed' : 'rebuild';
      return { type: 'ProjectionPaused', data: { projection, generation, what } };
    }
    case 'Resume':
      // A build that nobody has told the end of may stand still in one worker although another one has switched to it.
      if (control.paused === undefined && build === undefined && control.status !== 'rebuilding')
        throw refuse('It is not paused');
      return { type: 'ProjectionResumed', data: { projection } };
    case 'CancelRebuild':
      if (build === undefined) throw refuse('Nothing is being built');
      return { type: 'ProjectionRebuildCancelled', data: { projection, generation: build } };
    case 'RollBack':
      if (build !== undefined) throw refuse(`Generation ${build} is being built: cancel it first`);
      if (control.paused !== undefined) throw refuse('It is paused: resume it first');
      if (live === undefined || retained === undefined)
        throw refuse('No generation is kept that this release could read');
      return { type: 'ProjectionRolledBack', data: { projection, from: live, generation: retained } };
    case 'DropRetained':
      if (retained === undefined) throw refuse('No generation is kept');
      return { type: 'ProjectionGenerationDropped', data: { projection, generation: retained } };
    default:
      return unreachable(type);
  }
};

const decide = (command: ProjectionControlCommand, control: ProjectionControl): readonly ProjectionControlEvent[] => {
  switch (command.type) {
    case 'RequestRebuild': {
      if (control.status === 'rebuilding') throw refuse(`Generation ${control.next} is being built`);
      if (control.paused !== undefined) throw refuse('It is paused: resume it first');
      const generation = command.generation ?? control.highest + 1;
      if (generation <= control.highest) throw refuse(`Generation ${control.highest} is already there`);
      const data = { projection: command.projection, generation };
      return [
        {
          type: 'ProjectionRebuildRequested',
          data: command.reason === undefined ? data : { ...data, reason: command.reason },
        },
      ];
    }
    case 'RecordSwitch': {
      const { projection, generation } = command;
      // Told late, after operators rolled back from it: known already.
      if (generation <= control.switched) return [];
      return [{ type: 'ProjectionSwitched', data: { projection, generation } }];
    }
    default:
      return [obey(command, control)];
  }
};

const without = (control: ProjectionControl, generation: number): Facts => {
  const { highest, switched, paused } = control;
  return {
    ...{ generation: control.generation, highest, switched },
    ...(paused === undefined || paused.generation === generation ? {} : { paused }),
  };
};

const withoutPause = (control: ProjectionControl): ProjectionControl => {
  const { paused: _, ...rest } = control;
  return rest;
};

const evolve = (control: ProjectionControl, event: ProjectionControlEvent): ProjectionControl => {
  switch (event.type) {
    case 'ProjectionRebuildRequested': {
      const { generation: next } = event.data;
      return control.status === 'settled' && next > control.highest
        ? { ...control, status: 'rebuilding', next, highest: next }
        : control;
    }
    case 'ProjectionSwitched': {
      const { generation } = event.data;
      if (generation <= control.switched) return control;
      const highest = Math.max(control.highest, generation);
      const facts = { ...without(control, generation), generation, highest, switched: generation };
      return control.status === 'rebuilding' && control.next > generation
        ? { ...facts, status: 'rebuilding', next: control.next }
        : { ...facts, status: 'settled' };
    }
    case 'ProjectionPaused': {
      const { generation, what } = event.data;
      return { ...control, paused: { generation, what } };
    }
    case 'ProjectionResumed':
      return withoutPause(control);
    case 'ProjectionRebuildCancelled':
      return { ...without(control, event.data.generation), status: 'settled' };
    case 'ProjectionRolledBack': {
      const { from, generation } = event.data;
      const [highest, switched] = [Math.max(control.highest, from), Math.max(control.switched, from)];
      return { ...control, generation, highest, switched };
    }
    case 'ProjectionGenerationDropped':
      return control;
    default:
      return unreachable(event);
  }
};

/**
 * Streams `projection-<name>`. What cannot be done at present is refused with PROJECTION_STATE; one rebuild at a time; a
 * switch recorded again is nothing. A pause is of one generation and ends with it.
 */
export const projectionControlDecider: Decider<ProjectionControlCommand, ProjectionControl, ProjectionControlEvent> = {
  category: 'projection',
  initial: { status: 'settled', generation: 1, highest: 1, switched: 1 },
  decide,
  evolve,
};
