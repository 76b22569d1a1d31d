import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Sample = {
  /** Minutes since the load began. */
  readonly at: number;
  /** Bytes. */
  readonly resident: number;
  readonly heap: number;
  /** Bytes of each file of the folder that is SQLite's write-ahead log. */
  readonly wal: Readonly<Record<string, number>>;
  /** Of all files of the folder. */
  readonly disk: number;
  /** Events that the slowest read model is behind. */
  readonly lag: number;
};
/** One request: when it was answered (minutes since the load began), and after how many milliseconds. */
export type Latency = { readonly at: number; readonly ms: number; readonly kind: 'command' | 'query' };

const figureOf = (metrics: string, name: string): number => {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
};

/** Memory as the process itself says, in bytes. @throws Error when /metrics does not say it */
export const memoryIn = (metrics: string): Pick<Sample, 'resident' | 'heap'> => {
  const [resident, heap] = ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes'].map((name) => {
    const value = figureOf(metrics, name);
    if (!Number.isFinite(value)) throw new Error(`/metrics has no ${name}`);
    return value;
  });
  return { resident: resident ?? 0, heap: heap ?? 0 };
};

/** Sizes of the files of a data folder, in bytes. */
export const filesIn = (dir: string): Pick<Sample, 'wal' | 'disk'> => {
  const sizes = readdirSync(dir, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, number][] => {
    const found = statSync(join(dir, name), { throwIfNoEntry: false });
    return found?.isFile() ? [[name, found.size]] : [];
  });
  return {
    wal: Object.fromEntries(sizes.filter(([name]) => name.endsWith('-wal'))),
    disk: sizes.reduce((sum, [, size]) => sum + size, 0),
  };
};

/** The value below which `share` of them lie; 0 of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

/** The least of each minute: what is left after garbage was collected, near enough. By minute. */
export const floors = (samples: readonly Sample[], of: (sample: Sample) => number): readonly number[] =>
  [...Map.groupBy(samples, ({ at }) => Math.floor(at))]
    .sort(([a], [b]) => a - b)
    .map(([, own]) => Math.min(...own.map(of)));

/** Growth a step of a line through the values (least squares). */
export const slope = (values: readonly number[]): number => {
  const n = values.length;
  if (n < 2) return 0;
  const middle = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const above = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return above / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
};
