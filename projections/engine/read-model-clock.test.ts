import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { readModelClock } from './read-model-clock.ts';

/** A worker that has come to `own`, while readers see what another one has brought to `visible`. */
const worldAt = (own: bigint, visible: bigint | undefined) => {
  const clock = manualClock(0);
  const at = { own, visible };
  const models = readModelClock(
    clock,
    () => at.own,
    async () => at.visible,
  );
  return { clock, at, models };
};

describe('waiting for a position', () => {
  it('is over when this worker has come there and readers see it', async () => {
    const { models } = worldAt(5n, 5n);
    expect(await models.reached(['uses'], 5n, 1_000)).toBe(true);
  });

  it('goes on while another worker has switched readers to what is not there yet', async () => {
    const { clock, at, models } = worldAt(5n, 4n);
    let answer: boolean | undefined;
    const waiting = models.reached(['uses'], 5n, 1_000).then((reached) => {
      answer = reached;
    });
    await clock.advance(400);
    expect(answer).toBeUndefined();
    at.visible = 5n;
    await clock.advance(50);
    await waiting;
    expect(answer).toBe(true);
  });

  it('ends with its time, or with the signal', async () => {
    const { clock, at, models } = worldAt(5n, undefined);
    const late = models.reached(['uses'], 5n, 1_000);
    await clock.advance(1_000);
    expect(await late).toBe(false);
    const stop = new AbortController();
    const given = models.reached(['uses'], 5n, 1_000, stop.signal);
    stop.abort();
    await clock.advance(0);
    expect(await given).toBe(false);
    at.own = 4n;
    const behind = models.reached(['uses'], 5n, 1_000);
    await clock.advance(1_000);
    expect(await behind).toBe(false);
  });
});
