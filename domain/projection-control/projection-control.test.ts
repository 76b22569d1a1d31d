import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { ProjectionControlEvent } from './events.ts';
import { type Pause, projectionControlDecider, type Standing } from './projection-control.ts';

const projection = 'catalogue';
const requested = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionRebuildRequested',
  data: { projection, generation },
});
const switched = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionSwitched',
  data: { projection, generation },
});
const paused = (generation: number, what: Pause['what'] = 'rebuild'): ProjectionControlEvent => ({
  type: 'ProjectionPaused',
  data: { projection, generation, what },
});
const resumed: ProjectionControlEvent = { type: 'ProjectionResumed', data: { projection } };
const cancelled = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionRebuildCancelled',
  data: { projection, generation },
});
const rolledBack = (from: number, generation: number): ProjectionControlEvent => ({
  type: 'ProjectionRolledBack',
  data: { projection, from, generation },
});
const dropped = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionGenerationDropped',
  data: { projection, generation },
});
const order = (
  type: 'Pause' | 'Resume' | 'CancelRebuild' | 'RollBack' | 'DropRetained',
  standing: Partial<Standing> = {},
) => ({ type, projection, standing: { live: 1, building: undefined, retained: undefined, ...standing } }) as const;
const control = (...history: ProjectionControlEvent[]) => given(projectionControlDecider, ...history);
const rebuild = { type: 'RequestRebuild', projection } as const;
const recordSwitch = (generation: number) => ({ type: 'RecordSwitch', projection, generation }) as const;

describe('a rebuild', () => {
  it('makes the generation after the one it began with', () => control().when(rebuild).then(requested(2)));
  it('makes the generation after the last', () => control(requested(2), switched(2)).when(rebuild).then(requested(3)));
  it('keeps its reason', () =>
    control()
      .when({ ...rebuild, reason: 'new field' })
      .then({ type: 'ProjectionRebuildRequested', data: { projection, generation: 2, reason: 'new field' } }));
  it('may name its generation, above all before', () => {
    control()
      .when({ ...rebuild, generation: 7 })
      .then(requested(7));
    control(requested(7), switched(7))
      .when({ ...rebuild, generation: 7 })
      .thenRefused('PROJECTION_STATE');
  });
  it('is one at a time', () => control(requested(2)).when(rebuild).thenRefused('PROJECTION_STATE'));
});

describe('the switch', () => {
  it('is recorded once', () => {
    control(requested(2)).when(recordSwitch(2)).then(switched(2));
    control(requested(2), switched(2)).when(recordSwitch(2)).thenNothing();
  });
  it('to what a release built by itself is recorded too', () => {
    control().when(recordSwitch(2)).then(switched(2));
    control(requested(2)).when(recordSwitch(3)).then(switched(3));
  });
  it('told late, after a roll back, is known', () => control(rolledBack(2, 1)).when(recordSwitch(2)).thenNothing());
});

describe('a pause', () => {
  it('is of the generation that is built, else of the one that is read', () => {
    control(requested(2)).when(order('Pause')).then(paused(2));
    control()
      .when(order('Pause', { building: 3 }))
      .then(paused(3));
    control().when(order('Pause')).then(paused(1, 'feed'));
  });
  it('is one at a time, and of something', () => {
    control(paused(1, 'feed')).when(order('Pause')).thenRefused('PROJECTION_STATE');
    control()
      .when(order('Pause', { live: undefined }))
      .thenRefused('PROJECTION_STATE');
  });
  it('ends with resume, and with its generation', () => {
    control(paused(1, 'feed')).when(order('Resume')).then(resumed);
    control(paused(1, 'feed'), resumed).when(order('Pause')).then(paused(1, 'feed'));
    control(requested(2), paused(2), cancelled(2)).when(order('Pause')).then(paused(1, 'feed'));
    control(requested(2), paused(2), switched(2)).when(order('Resume')).thenRefused('PROJECTION_STATE');
  });
  it('comes before a rebuild and a roll back', () => {
    control(paused(1, 'feed')).when(rebuild).thenRefused('PROJECTION_STATE');
    control(paused(2, 'feed'))
      .when(order('RollBack', { live: 2, retained: 1 }))
      .thenRefused('PROJECTION_STATE');
  });
});

describe('resume', () => {
  it('lets a build go on that met a poison event', () => control(requested(2)).when(order('Resume')).then(resumed));
  it('of what runs is refused', () => control().when(order('Resume')).thenRefused('PROJECTION_STATE'));
});

describe('cancel', () => {
  it('ends the build, ordered or begun by a release', () => {
    control(requested(2)).when(order('CancelRebuild')).then(cancelled(2));
    control()
      .when(order('CancelRebuild', { building: 2 }))
      .then(cancelled(2));
  });
  it('of nothing is refused, above all of what readers see already', () => {
    control().when(order('CancelRebuild')).thenRefused('PROJECTION_STATE');
    control(requested(2))
      .when(order('CancelRebuild', { live: 2 }))
      .thenRefused('PROJECTION_STATE');
  });
  it('makes room for the next rebuild', () => control(requested(2), cancelled(2)).when(rebuild).then(requested(3)));
});

describe('rolling back and dropping', () => {
  const kept = { live: 2, retained: 1 } as const;
  it('rolls back to the generation that is kept, and forward again', () => {
    control(requested(2), switched(2)).when(order('RollBack', kept)).then(rolledBack(2, 1));
    control(requested(2), switched(2), rolledBack(2, 1))
      .when(order('RollBack', { live: 1, retained: 2 }))
      .then(rolledBack(1, 2));
  });
  it('does neither without a generation kept, nor rolls back during a build', () => {
    control().when(order('RollBack')).thenRefused('PROJECTION_STATE');
    control().when(order('DropRetained')).thenRefused('PROJECTION_STATE');
    control()
      .when(order('RollBack', { ...kept, building: 3 }))
      .thenRefused('PROJECTION_STATE');
  });
  it('drops the generation that is kept', () => {
    control(requested(2), switched(2)).when(order('DropRetained', kept)).then(dropped(1));
    expect(control(requested(2), switched(2), dropped(1)).state()).toMatchObject({ generation: 2 });
  });
});

it('an impossible event changes nothing', () =>
  expect(control(requested(1), requested(3), requested(4), switched(1)).state()).toEqual({
    status: 'rebuilding',
    generation: 1,
    highest: 3,
    switched: 1,
    next: 3,
  }));
