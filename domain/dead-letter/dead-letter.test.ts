import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { deadLetterDecider } from './dead-letter.ts';
import type { DeadLetterEvent } from './events.ts';

const letter = {
  deadLetterId: '0197a000-0000-7000-8000-000000000001',
  projection: 'orders',
  generation: 2,
  stream: 'order-0197a000-0000-7000-8000-000000000002',
  eventId: '0197a000-0000-7000-8000-000000000003',
  documentId: null,
};
const replay = { type: 'Replay', letter, reason: 'fixed in 1.4.2' } as const;
const discard = { type: 'Discard', letter, reason: 'written by a test' } as const;
const replayed: DeadLetterEvent = { type: 'DeadLetterReplayRequested', data: { ...letter, reason: 'fixed in 1.4.2' } };
const discarded: DeadLetterEvent = { type: 'DeadLetterDiscarded', data: { ...letter, reason: 'written by a test' } };
const parked = (...history: DeadLetterEvent[]) => given(deadLetterDecider, ...history);

describe('a dead letter', () => {
  it('is replayed, with or without a reason, as often as one likes', () => {
    parked().when(replay).then(replayed);
    parked().when({ type: 'Replay', letter }).then({ type: 'DeadLetterReplayRequested', data: letter });
    parked(replayed).when(replay).then(replayed);
    expect(parked(replayed, replayed).state()).toEqual({ status: 'parked', replays: 2 });
  });
  it('is discarded with a reason, after a replay that failed too', () =>
    parked(replayed).when(discard).then(discarded));
  it('is gone once it was discarded', () => {
    parked(discarded).when(replay).thenRefused('NOT_FOUND');
    parked(discarded).when(discard).thenRefused('NOT_FOUND');
    expect(parked(discarded, replayed).state()).toEqual({ status: 'discarded', reason: 'written by a test' });
  });
});
