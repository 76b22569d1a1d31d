import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Sample = {
  /** Minutes since the load began. */
  readonly at: number;
  /** Bytes of the process that are in memory, whatever for. */
  readonly resident: number;
  /** Bytes of V8's heap that hold objects which outlived their youth. */
  readonly heap: number;
  /** Bytes that are resident beside all that V8 has taken for its heap, used or not: SQLite, buffers, the C heap, the program itself. */
  readonly beside: number;
  /** Recorded since the process started. */
  readonly events: number;
  /** Bytes of each file of the folder that is SQLite's write-ahead log. */
  readonly wal: Readonly<Record<string, number>>;
  /** Of all files of the folder. */
  readonly disk: number;
  /** Events that the slowest read model is behind. */
  readonly lag: number;
};
/** One request: when it was answered (minutes since the load began), and after how many milliseconds. */
export type Latency = { readonly at: number; readonly ms: number; readonly kind: 'command' | 'query' };
/** `what`: method and path, without what names one thing among many. */
export type Answered = Latency & { readonly what: string };

const figuresOf = (metrics: string, name: string): readonly (readonly [labels: string, value: number])[] => {
  const found = metrics.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'));
  const figures = [...found].map(([, labels = '', value]) => [labels, Number(value)] as const);
  if (figures.length === 0 || figures.some(([, value]) => !Number.isFinite(value)))
    throw new Error(`/metrics has no ${name}`);
  return figures;
};
const totalOf = (figures: readonly (readonly [labels: string, value: number])[]): number =>
  figures.reduce((sum, [, value]) => sum + value, 0);

/** Memory and work as the process itself says. @throws Error when /metrics does not say it */
export const memoryIn = (metrics: string): Pick<Sample, 'resident' | 'heap' | 'beside' | 'events'> => {
  const resident = totalOf(figuresOf(metrics, 'process_resident_memory_bytes'));
  const spaces = figuresOf(metrics, 'nodejs_heap_space_size_used_bytes');
  return {
    resident,
    heap: totalOf(spaces.filter(([labels]) => !labels.startsWith('space="new'))),
    beside: resident - totalOf(figuresOf(metrics, 'nodejs_heap_size_total_bytes')),
    events: totalOf(figuresOf(metrics, 'autopilot_events_appended_total')),
  };
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

/** What a request asked for, alike for all things of a kind. */
export const kindOf = (method: string, url: string): string => {
  const parts = url.replace(/\?.*/, '').split('/');
  return `${method} ${parts.map((part) => (part !== 'v1' && /\d/.test(part) ? ':id' : part)).join('/')}`;
};

/** What took longest of what was asked for at least ten times: the slowest first, with the 95th of a hundred. */
export const slowest = (
  answers: readonly Answered[],
  most: number,
): readonly { readonly what: string; readonly p95: number; readonly asked: number }[] =>
  [...Map.groupBy(answers, ({ what }) => what)]
    .map(([what, own]) => ({
      what,
      p95: quantile(
        own.map(({ ms }) => ms),
        0.95,
      ),
      asked: own.length,
    }))
    .filter(({ asked }) => asked >= 10)
    .sort((a, b) => b.p95 - a.p95)
    .slice(0, most);
