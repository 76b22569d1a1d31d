import { type Latency, quantile, type Sample } from './soak-figures.ts';

export type Finding = {
  readonly what: string;
  readonly found: string;
  readonly limit: string;
  readonly holds: boolean;
};

/** What is demanded; docs/kill-test.md says why so much. */
export const limits = {
  /** Share of the run that fills caches. */
  warmUp: 1 / 3,
  /** Memory may grow by this share of itself from the first to the last third of what follows the warm-up, */
  growth: 0.1,
  /** and the heap by so many bytes more for each event recorded meanwhile: streams just written are kept, 20,000 of them, with their command ids. */
  heapPerEvent: 320,
  /** Bytes resident at any moment: caches as full as they get, V8's young generation, two passwords being hashed. */
  resident: 512 * 2 ** 20,
  /** Bytes of a write-ahead log. */
  wal: 64 * 2 ** 20,
  /** The last minute's latency over the first's: factor, and ms that are nothing. */
  slower: { factor: 2, ms: 20 },
} as const;

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/**
 * What of a growth over three times is steady. What a burst left behind comes once, in one step: a leak goes on, so it is at least twice
 * what came in the calmer half.
 */
const steady = (first: number, middle: number, last: number): number => 2 * Math.min(middle - first, last - middle);

const memory = (samples: readonly Sample[], minutes: number): readonly Finding[] => {
  const start = minutes * limits.warmUp;
  const third = (minutes - start) / 3;
  const thirds = [0, 1, 2].map((n) =>
    samples.filter(({ at }) => at >= start + n * third && (n === 2 || at < start + (n + 1) * third)),
  );
  const measured = thirds.every(({ length }) => length > 0);
  const each = (
    of: (sample: Sample) => number,
    one: (values: readonly number[]) => number,
  ): readonly [number, number, number] => {
    const [first = 0, middle = 0, last = 0] = thirds.map((own) => one(own.map(of)));
    return [first, middle, last];
  };
  const least = (values: readonly number[]): number => Math.min(...values);
  const [eventsBefore, , eventsAfter] = each(({ events }) => events, least);
  const finding = (name: string, found: readonly number[], grown: number, allowed: number): Finding => ({
    what: `${name}, thirds after warm-up`,
    found: `${found.map(mib).join(' → ')} (${eventsAfter - eventsBefore} events)`,
    limit: `grows by at most ${mib(allowed)}`,
    holds: measured && grown <= allowed,
  });
  // The least is what is left after garbage was collected, near enough.
  const heap = each(({ heap }) => heap, least);
  // Passwords that are hashed lift many samples by 46 MiB; V8's heap lowers a few, when it has just grown and nothing lies there yet.
  const beside = each(
    ({ beside }) => beside,
    (values) => quantile(values, 0.25),
  );
  const heapMay = limits.growth * heap[0] + limits.heapPerEvent * (eventsAfter - eventsBefore);
  const most = Math.max(0, ...samples.map(({ resident }) => resident));
  return [
    finding('heap in use', heap, heap[2] - heap[0], heapMay),
    finding('steadily resident beside the heap', beside, steady(...beside), limits.growth * beside[0]),
    {
      what: 'resident memory, most',
      found: mib(most),
      limit: `≤ ${mib(limits.resident)}`,
      holds: most <= limits.resident,
    },
  ];
};

const latency = (latencies: readonly Latency[], minutes: number, kind: Latency['kind']): readonly Finding[] => {
  const own = latencies.filter((each) => each.kind === kind);
  const start = minutes * limits.warmUp;
  const length = Math.min(1, minutes / 4);
  const within = (from: number): readonly number[] =>
    own.filter(({ at }) => at >= from && at < from + length).map(({ ms }) => ms);
  const [first, last] = [within(start), within(minutes - length)];
  return [0.5, 0.95].map((share) => {
    const [before, after] = [quantile(first, share), quantile(last, share)];
    return {
      what: `${kind}, p${share * 100}, first minute after warm-up → last`,
      found: `${before.toFixed(1)} → ${after.toFixed(1)} ms (${first.length}, ${last.length} requests)`,
      limit: `≤ ${limits.slower.factor} × + ${limits.slower.ms} ms`,
      holds: last.length > 0 && after <= limits.slower.factor * before + limits.slower.ms,
    };
  });
};

/** What was measured in so many `minutes` of load, against what is demanded. `lagAtRest`: events, once the load was over. */
export const verdictOn = (run: {
  readonly minutes: number;
  readonly samples: readonly Sample[];
  readonly latencies: readonly Latency[];
  readonly lagAtRest: number;
  readonly faults: readonly string[];
}): readonly Finding[] => {
  const { minutes, samples, latencies, lagAtRest, faults } = run;
  const largest = new Map<string, number>();
  for (const { wal } of samples)
    for (const [name, size] of Object.entries(wal)) largest.set(name, Math.max(size, largest.get(name) ?? 0));
  const most = Math.max(0, ...samples.map(({ lag }) => lag));
  return [
    ...memory(samples, minutes),
    ...[...largest].map(([name, size]) => ({
      what: `largest ${name}`,
      found: mib(size),
      limit: `≤ ${mib(limits.wal)}`,
      holds: size <= limits.wal,
    })),
    {
      what: 'lag at rest',
      found: `${lagAtRest} events (${most} at most under load)`,
      limit: '0',
      holds: lagAtRest === 0,
    },
    ...latency(latencies, minutes, 'command'),
    ...latency(latencies, minutes, 'query'),
    {
      what: 'errors in the log',
      found: `${faults.length} ${faults[0] ?? ''}`.trim(),
      limit: '0',
      holds: faults.length === 0,
    },
  ];
};
