import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { firstSeed } from './first-seed.ts';

describe('the first of the fresh seeds', () => {
  it('is the one that was asked for', () => {
    expect(firstSeed('4711', '.').seed).toBe(4711);
    expect(() => firstSeed('some', '.')).toThrow('SIMULATION_SEED=some');
  });

  it('says so where no commit is known, and is always the same there', () => {
    expect(firstSeed(undefined, tmpdir())).toEqual({ seed: 1, from: 'no commit is known here' });
  });
});
