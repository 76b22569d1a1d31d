import { describe, expect, it } from 'vitest';
import { type CheckpointMove, type GenerationRef, StaleCheckpoint } from '../../infra/documents/sink.port.ts';
import { gatheredMoves } from './gathered-moves.ts';

const moveOf = (projection: string): CheckpointMove => ({
  ref: { projection, generation: 1 },
  after: 4n,
  checkpoint: 9n,
});

describe('moves of checkpoints', () => {
  const calls: (readonly string[])[] = [];
  const sinkThat = (answers: (moves: readonly CheckpointMove[]) => readonly GenerationRef[]) => {
    calls.length = 0;
    return {
      advance: async (moves: readonly CheckpointMove[]) => {
        calls.push(moves.map(({ ref }) => ref.projection));
        return answers(moves);
      },
    };
  };

  it('asked for before anybody waits are one call, and those asked for later another one', async () => {
    const move = gatheredMoves(sinkThat(() => []));
    const late = Promise.resolve().then(() => move(moveOf('late')));
    await Promise.all([move(moveOf('a')), move(moveOf('b')), late]);
    await move(moveOf('c'));
    expect(calls).toEqual([['a', 'b', 'late'], ['c']]);
  });

  it('that the sink left fail for those who asked for them, and for nobody else', async () => {
    const move = gatheredMoves(sinkThat((moves) => moves.flatMap(({ ref }) => (ref.projection === 'b' ? [ref] : []))));
    const [a, b] = await Promise.allSettled([move(moveOf('a')), move(moveOf('b'))]);
    expect(a.status).toBe('fulfilled');
    expect(b.status === 'rejected' && b.reason).toBeInstanceOf(StaleCheckpoint);
  });

  it('fail for all when the sink does not answer', async () => {
    const move = gatheredMoves(
      sinkThat(() => {
        throw new Error('no answer');
      }),
    );
    const settled = await Promise.allSettled([move(moveOf('a')), move(moveOf('b'))]);
    expect(settled.map((each) => each.status === 'rejected' && String(each.reason))).toEqual([
      'Error: no answer',
      'Error: no answer',
    ]);
  });
});
