import {
  type CheckpointMove,
  type GenerationRef,
  type ProjectionSink,
  StaleCheckpoint,
} from '../../infra/documents/sink.port.ts';

/** Moves a checkpoint past a batch that held nothing for the generation. @throws StaleCheckpoint, and what the sink throws */
export type MoveCheckpoint = (move: CheckpointMove) => Promise<void>;

type Waiting = {
  readonly move: CheckpointMove;
  readonly moved: () => void;
  readonly failed: (error: unknown) => void;
};

const isOf = (a: GenerationRef, b: GenerationRef): boolean =>
  a.projection === b.projection && a.generation === b.generation;

/**
 * The moves that projections ask for while none of them waits for anything, in one call of the sink: most batches hold nothing for most
 * projections, and each would be a write of its own.
 */
export const gatheredMoves = (sink: Pick<ProjectionSink, 'advance'>): MoveCheckpoint => {
  let waiting: Waiting[] = [];
  const send = async (): Promise<void> => {
    const sent = waiting;
    waiting = [];
    try {
      const left = await sink.advance(sent.map(({ move }) => move));
      for (const { move, moved, failed } of sent)
        if (left.some((ref) => isOf(ref, move.ref))) failed(new StaleCheckpoint(move.ref, move.after));
        else moved();
    } catch (error) {
      for (const { failed } of sent) failed(error);
    }
  };
  return (move) =>
    new Promise((moved, failed) => {
      // Ticks come after all promises that are settled already.
      if (waiting.length === 0) process.nextTick(send);
      waiting.push({ move, moved, failed });
    });
};
