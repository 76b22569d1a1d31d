import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import type { Clock } from '../clock/port.ts';
import { seededRandom } from './seeded-random.ts';
import { systemRandom } from './system-random.ts';

const at = 1_764_000_000_000;
const timeOf = (uuid: string): number => Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);

describe.each([
  ['system random', systemRandom],
  ['seeded random', (clock: Clock) => seededRandom(7, clock)],
])('%s', (_, make) => {
  it('makes UUIDv7 of the time of its clock', async () => {
    const clock = manualClock(at);
    const random = make(clock);
    const first = random.uuid();
    expect(validate(first) && version(first)).toBe(7);
    expect(timeOf(first)).toBe(at);
    await clock.advance(1);
    expect(timeOf(random.uuid())).toBe(at + 1);
  });

  it('makes UUIDs that increase within a millisecond and when the clock steps back', () => {
    const times = [at, at, at, at - 5000, at - 5000, at + 1];
    const clock: Clock = { ...manualClock(at), now: () => times.shift() ?? at + 2 };
    const random = make(clock);
    const ids = Array.from({ length: 1000 }, random.uuid);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(1000);
  });

  it('gives as many bytes as asked for and fractions from 0 to below 1', () => {
    const random = make(manualClock(at));
    expect(random.bytes(0)).toHaveLength(0);
    expect(random.bytes(33)).toHaveLength(33);
    expect(random.bytes(16)).not.toEqual(random.bytes(16));
    const fractions = Array.from({ length: 1000 }, random.fraction);
    expect(fractions.every((f) => f >= 0 && f < 1)).toBe(true);
    expect(Math.abs(fractions.reduce((a, b) => a + b) / 1000 - 0.5)).toBeLessThan(0.1);
  });
});

describe('seeded random', () => {
  const run = (seed: number) => {
    const random = seededRandom(seed, manualClock(at));
    return [random.uuid(), random.fraction(), [...random.bytes(8)], random.uuid()];
  };

  it('repeats itself for one seed and differs for another', () => {
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});
