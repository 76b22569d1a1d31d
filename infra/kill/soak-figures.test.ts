import { expect, it } from 'vitest';
import { kindOf, memoryIn, quantile, slowest } from './soak-figures.ts';

it('finds quantiles', () => {
  expect([0, 0.5, 0.95, 1].map((share) => quantile([3, 1, 2, 4], share))).toEqual([1, 3, 4, 4]);
  expect(quantile([], 0.5)).toBe(0);
});

const metrics = `# HELP process_resident_memory_bytes Resident memory size in bytes.
process_resident_memory_bytes 1000
process_resident_memory_bytes_of_another 1
nodejs_heap_size_total_bytes 400
nodejs_heap_space_size_used_bytes{space="new"} 100
nodejs_heap_space_size_used_bytes{space="old"} 50
nodejs_heap_space_size_used_bytes{space="new_large_object"} 7
nodejs_heap_space_size_used_bytes{space="large_object"} 5
autopilot_events_appended_total{category="order"} 10
autopilot_events_appended_total{category="payment"} 3
`;

it('reads from the metrics of a process what its heap keeps, what it has beside it, and how much it did', () => {
  expect(memoryIn(metrics)).toEqual({ resident: 1000, heap: 55, beside: 600, events: 13 });
});

it('does not take a figure that is missing for nothing', () => {
  expect(() => memoryIn('')).toThrow('process_resident_memory_bytes');
  expect(() => memoryIn(metrics.replaceAll('nodejs_heap_size_total_bytes', 'x'))).toThrow('nodejs_heap_size_total');
});

it('tells what is slow, alike for all things of a kind', () => {
  expect(kindOf('GET', '/api/v1/orders/0190-7a?limit=10')).toBe('GET /api/v1/orders/:id');
  expect(kindOf('POST', '/api/v1/vendors/7/payouts')).toBe('POST /api/v1/vendors/:id/payouts');
  const answers = (what: string, ms: number, count: number) =>
    Array.from({ length: count }, () => ({ at: 1, ms, kind: 'query' as const, what }));
  expect(slowest([...answers('a', 1, 10), ...answers('b', 2, 10), ...answers('c', 3, 9)], 1)).toEqual([
    { what: 'b', p95: 2, asked: 10 },
  ]);
});
