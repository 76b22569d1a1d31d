import { floors, type Latency, quantile, type Sample, slope } from './soak-figures.ts';

export type Finding = {
  readonly what: string;
  readonly found: string;
  readonly limit: string;
  readonly holds: boolean;
};

/** What is demanded; docs/kill-test.md says why so much. */
export const limits = {
  /** Minutes at the beginning that fill caches. */
  warmUp: 2,
  /** Share of the memory after the warm-up by which it may have grown at the end, by the line through its minutes. */
  growth: 0.15,
  /** Bytes of a write-ahead log. */
  wal: 64 * 2 ** 20,
  /** The last minute's latency over the first's: factor, and ms that are nothing. */
  slower: { factor: 2, ms: 20 },
} as const;

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const memory = (samples: readonly Sample[], what: 'heap' | 'resident'): Finding => {
  const after = samples.filter(({ at }) => at >= limits.warmUp);
  const minutes = floors(after, (sample) => sample[what]);
  const [first = 0] = minutes;
  const grown = slope(minutes) * Math.max(0, minutes.length - 1);
  return {
    what: `${what === 'heap' ? 'heap' : 'resident memory'}, least of each minute after warm-up`,
    found: `${mib(first)} → ${mib(minutes.at(-1) ?? 0)}, ${mib(slope(minutes))} a minute`,
    limit: `grows by at most ${limits.growth * 100} %`,
    holds: grown <= limits.growth * first,
  };
};

const latency = (latencies: readonly Latency[], minutes: number, kind: Latency['kind']): readonly Finding[] => {
  const own = latencies.filter((each) => each.kind === kind);
  const start = Math.min(limits.warmUp, minutes / 4);
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
    memory(samples, 'heap'),
    memory(samples, 'resident'),
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
