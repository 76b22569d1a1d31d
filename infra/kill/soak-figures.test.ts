import { expect, it } from 'vitest';
import { floors, memoryIn, quantile, type Sample, slope } from './soak-figures.ts';

const sample = (at: number, heap: number): Sample => ({ at, heap, resident: 0, wal: {}, disk: 0, lag: 0 });

it('takes the least of each minute for what is left after a collection', () => {
  const samples = [sample(0.1, 90), sample(0.5, 40), sample(1.2, 80), sample(1.9, 50), sample(2.5, 60)];
  expect(floors(samples, ({ heap }) => heap)).toEqual([40, 50, 60]);
});

it('measures the growth a step', () => {
  expect(slope([40, 50, 60])).toBe(10);
  expect(slope([5, 5, 5, 5])).toBe(0);
  expect(slope([1])).toBe(0);
});

it('finds quantiles', () => {
  expect([0, 0.5, 0.95, 1].map((share) => quantile([3, 1, 2, 4], share))).toEqual([1, 3, 4, 4]);
  expect(quantile([], 0.5)).toBe(0);
});

it('reads memory from the metrics of a process', () => {
  const metrics = '# HELP x\nprocess_resident_memory_bytes 1000\nnodejs_heap_size_used_bytes 500\n';
  expect(memoryIn(metrics)).toEqual({ resident: 1000, heap: 500 });
  expect(() => memoryIn('')).toThrow('process_resident_memory_bytes');
});
