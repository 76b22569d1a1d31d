import { expect, it } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { pace, startProgress } from './progress.ts';

it.each([
  ['nothing yet', [0, 10, 0, 0], '–/s'],
  ['slow: a digit behind the point', [5, 10, 0, 2_000], '2.5/s, 2 s left'],
  ['fast: whole numbers, minutes', [1_000, 10_000, 0, 10_000], '100/s, 1 min 30 s left'],
  ['what an earlier run did is no speed', [60, 100, 50, 1_000], '10/s, 4 s left'],
  ['all done', [10, 10, 0, 1_000], '10/s'],
] as const)('tells %s', (_, [done, total, before, elapsed], text) => {
  expect(pace(done, total, before, elapsed)).toBe(text);
});

it('without a terminal is a line every five seconds on standard error', async () => {
  const clock = manualClock(0);
  const lines: string[] = [];
  const progress = startProgress({ clock, err: (text) => lines.push(text), bar: undefined }, 'import', 100);
  for (let done = 1; done <= 100; done += 1) {
    await clock.advance(100);
    progress.at(done);
  }
  progress.end();
  expect(lines).toEqual(['import 50/100 | 10/s, 5 s left\n', 'import 100/100 | 10/s\n']);
});
