import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { ProjectionControlEvent } from './events.ts';
import { projectionControlDecider } from './projection-control.ts';

const projection = 'catalogue';
const requested = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionRebuildRequested',
  data: { projection, generation },
});
const switched = (generation: number): ProjectionControlEvent => ({
  type: 'ProjectionSwitched',
  data: { projection, generation },
});
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
  it('of what nobody asked for is refused', () => {
    control().when(recordSwitch(2)).thenRefused('PROJECTION_STATE');
    control(requested(2)).when(recordSwitch(3)).thenRefused('PROJECTION_STATE');
  });
});

it('an impossible event changes nothing', () =>
  expect(control(switched(2), requested(1), requested(3), requested(4), switched(2)).state()).toEqual({
    status: 'rebuilding',
    generation: 1,
    next: 3,
  }));
