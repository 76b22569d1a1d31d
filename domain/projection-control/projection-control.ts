import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { ProjectionControlEvent } from './events.ts';

/** `generation`: the one readers see. Every projection begins with generation 1, without an event. */
export type ProjectionControl =
  | { readonly status: 'settled'; readonly generation: number }
  | { readonly status: 'rebuilding'; readonly generation: number; readonly next: number };

export type ProjectionControlCommand =
  | {
      readonly type: 'RequestRebuild';
      readonly projection: string;
      /** The number to use; must be above every one before. Absent: the next one. */
      readonly generation?: number;
      readonly reason?: string;
    }
  | { readonly type: 'RecordSwitch'; readonly projection: string; readonly generation: number };

const decide = (command: ProjectionControlCommand, control: ProjectionControl): readonly ProjectionControlEvent[] => {
  switch (command.type) {
    case 'RequestRebuild': {
      if (control.status === 'rebuilding')
        throw domainError('PROJECTION_STATE', `Generation ${control.next} is being built`);
      const generation = command.generation ?? control.generation + 1;
      if (generation <= control.generation)
        throw domainError('PROJECTION_STATE', `Generation ${control.generation} is already there`);
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
      if (generation <= control.generation) return [];
      if (control.status === 'rebuilding' && control.next === generation)
        return [{ type: 'ProjectionSwitched', data: { projection, generation } }];
      throw domainError('PROJECTION_STATE', `Generation ${generation} was not asked for`);
    }
    default:
      return unreachable(command);
  }
};

const evolve = (control: ProjectionControl, event: ProjectionControlEvent): ProjectionControl => {
  switch (event.type) {
    case 'ProjectionRebuildRequested':
      return control.status === 'settled' && event.data.generation > control.generation
        ? { status: 'rebuilding', generation: control.generation, next: event.data.generation }
        : control;
    case 'ProjectionSwitched':
      return control.status === 'rebuilding' && event.data.generation === control.next
        ? { status: 'settled', generation: control.next }
        : control;
    default:
      return unreachable(event);
  }
};

/** Streams `projection-<name>`. One rebuild at a time (PROJECTION_STATE); a switch recorded again is nothing. */
export const projectionControlDecider: Decider<ProjectionControlCommand, ProjectionControl, ProjectionControlEvent> = {
  category: 'projection',
  initial: { status: 'settled', generation: 1 },
  decide,
  evolve,
};
