import { describe, expect, it } from 'vitest';
import type { Latency, Sample } from './soak-figures.ts';
import { verdictOn } from './soak-verdict.ts';

const mib = 2 ** 20;
const minutes = 10;
const every = 1 / 12;

/** As the process of a soak looks: garbage and passwords come and go, caches fill in the first minutes, what was written is kept. */
const healthy = (n: number): Sample => {
  const at = n * every;
  const heap = (35 + 0.4 * at + (n % 5) * 3) * mib;
  const beside = (145 - 40 * Math.exp(-at) + (n % 3 === 0 ? 46 : 0) - (n % 19 === 0 ? 20 : 0)) * mib;
  const young = (n % 2 === 0 ? 60 : 8) * mib;
  return {
    ...{ at, heap, beside, resident: heap + beside + young, events: Math.round(at * 2_900) },
    ...{ wal: { 'log.sqlite-wal': 4 * mib }, disk: 30 * mib + at * 7 * mib, lag: n % 3 },
  };
};
const latencyAt = (n: number): Latency => ({
  at: n * every,
  ms: 100 + (n % 10),
  kind: n % 2 === 0 ? 'command' : 'query',
});

/** What the verdict does not let pass of a run like the healthy one but for `sample` and `latency`. */
const missed = (
  of: {
    readonly sample?: (sample: Sample) => Partial<Sample>;
    readonly latency?: (latency: Latency) => Partial<Latency>;
    readonly lagAtRest?: number;
    readonly faults?: readonly string[];
    readonly lasted?: number;
  } = {},
): readonly string[] => {
  const { lasted = minutes, lagAtRest = 0, faults = [] } = of;
  const steps = Array.from({ length: Math.round(lasted / every) }, (_, n) => n);
  const samples = steps.map(healthy).map((sample) => ({ ...sample, ...of.sample?.(sample) }));
  const latencies = steps.map(latencyAt).map((latency) => ({ ...latency, ...of.latency?.(latency) }));
  const findings = verdictOn({ minutes: lasted, samples, latencies, lagAtRest, faults });
  return findings.filter(({ holds }) => !holds).map(({ what }) => what.split(',')[0] ?? what);
};

describe('the verdict on a soak', () => {
  it('lets a healthy run pass, in ten minutes and in twenty-five', () => {
    expect(missed()).toEqual([]);
    expect(missed({ lasted: 25 })).toEqual([]);
  });

  it('lets a run pass that did four times as much, and keeps four times as many streams', () => {
    const sample = ({ events, heap, at }: Sample) => ({ events: 4 * events, heap: heap + 1.2 * at * mib });
    expect(missed({ sample })).toEqual([]);
  });

  it.each([2, 5])('finds a leak of %i MiB a minute in the heap', (leak) => {
    expect(missed({ sample: ({ at, heap }) => ({ heap: heap + leak * at * mib }) })).toEqual(['heap in use']);
  });

  it.each([4, 8])('finds a leak of %i MiB a minute beside the heap', (leak) => {
    expect(missed({ sample: ({ at, beside }) => ({ beside: beside + leak * at * mib }) })).toEqual([
      'steadily resident beside the heap',
    ]);
  });

  it('lets pass what a burst left behind once, and a leak that comes with it not', () => {
    const burst = ({ at, beside }: Sample, leak: number) => ({
      beside: beside + (at > 5 ? 24 : 0) * mib + leak * at * mib,
    });
    expect(missed({ sample: (sample) => burst(sample, 0) })).toEqual([]);
    expect(missed({ sample: (sample) => burst(sample, 4) })).toEqual(['steadily resident beside the heap']);
  });

  it('finds a moment at which too much was resident', () => {
    const sample = ({ at, resident }: Sample) => ({ resident: at === 60 * every ? 513 * mib : resident });
    expect(missed({ sample })).toEqual(['resident memory']);
  });

  it('finds a write-ahead log that nobody takes back', () => {
    expect(missed({ sample: ({ at }) => ({ wal: { 'log.sqlite-wal': at * 7 * mib } }) })).toEqual([
      'largest log.sqlite-wal',
    ]);
  });

  it('finds what became slow, and what was not asked any more', () => {
    const slow = ({ kind, at, ms }: Latency) => ({ ms: kind === 'query' && at > 8 ? 3 * ms : ms });
    expect(missed({ latency: slow })).toEqual(['query', 'query']);
    const silent = ({ kind, at }: Latency) => ({ at: kind === 'command' ? Math.min(at, 8) : at });
    expect(missed({ latency: silent })).toEqual(['command', 'command']);
  });

  it('finds read models that are behind at rest, and errors', () => {
    expect(missed({ lagAtRest: 1 })).toEqual(['lag at rest']);
    expect(missed({ faults: ['it broke'] })).toEqual(['errors in the log']);
  });

  it('lets nothing pass that was not measured', () => {
    expect(missed({ lasted: 0 })).toEqual(expect.arrayContaining(['heap in use', 'steadily resident beside the heap']));
  });
});
