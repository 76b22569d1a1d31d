import type { SignedHead } from '../../audit/proof.port.ts';
import type { Erasure } from '../../erasures/port.ts';
import type { Mail } from '../../mail/port.ts';
import type { Deliver } from '../../payments/simulated/delivery.ts';
import { openSimulatedProvider, type SimulatedProvider } from '../../payments/simulated/open-simulated-provider.ts';
import type { Random } from '../../random/port.ts';
import { seededRandom } from '../../random/seeded-random.ts';
import type { Plan } from '../plan.ts';
import { type LogDisk, openLogDisk } from '../stores/log-disk.ts';
import type { ObjectDisk } from '../stores/memory-objects.ts';
import { type MemoryProviderFile, memoryProviderFile } from '../stores/memory-provider-file.ts';
import type { SecretDisk } from '../stores/memory-secrets.ts';
import { openReadModelDisk, type ReadModelDisk, type Witness } from '../stores/read-model-disk.ts';
import { type Draw, drawFrom } from './draw.ts';
import { begin, clockOf } from './life.ts';
import { openTimeline, type Timeline } from './timeline.ts';
import { openTrace, type Trace } from './trace.ts';
import { openWeather, type Weather } from './weather.ts';

/** Everything that outlives a process, and the one source of time and chance. */
export type World = {
  readonly timeline: Timeline;
  readonly draw: Draw;
  readonly random: Random;
  readonly weather: Weather;
  readonly trace: Trace;
  /** What a machine's clock says now, milliseconds since the Unix epoch. */
  wallMs(): number;
  jumpClock(byMs: number): void;
  readonly log: LogDisk;
  /** Positions of events that nobody can read. */
  readonly poisoned: Set<bigint>;
  readonly readModels: ReadModelDisk;
  readonly secrets: SecretDisk;
  readonly objects: ObjectDisk;
  readonly erasures: Map<string, Erasure>;
  readonly signedHeads: { heads: readonly SignedHead[]; verifiedUpTo: bigint | undefined };
  /** By id: what a mail server took, and how often. */
  readonly mails: Map<string, { readonly mail: Mail; readonly times: number }>;
  readonly provider: SimulatedProvider;
  readonly providerFile: MemoryProviderFile;
  /** Where the provider's webhooks go from now on; undefined: nobody is there. */
  deliverTo(deliver: Deliver | undefined): void;
};

const beginning = Date.parse('2026-11-21T10:00:00.000Z');
export const paymentTimeoutMs = 30_000;

/**
 * An empty world; or one that goes on, on a copy, where another one (`before`, quiet) has come to. `witness` sees every version of every
 * document from here on.
 */
export const openWorld = (plan: Plan, witness: Witness, before?: World): World => {
  const startMs = before?.wallMs() ?? beginning;
  const draw = drawFrom(plan.seed);
  const timeline = openTimeline(draw.fraction);
  const trace = openTrace();
  let offset = 0;
  const wallMs = (): number => startMs + timeline.now() + offset;
  const outside = begin(timeline);
  const clock = clockOf(outside, wallMs);
  const random = seededRandom(plan.seed ^ 0x5eed, clock);
  const providerFile = before?.providerFile.copy() ?? memoryProviderFile();
  let receiver: Deliver | undefined;
  const provider = openSimulatedProvider({
    file: providerFile,
    ...{ clock, random, webhookSecret: 'simulated', actionTtlMs: paymentTimeoutMs },
    deliver: async (rawBody, headers) => {
      if (receiver === undefined) throw new Error('connection refused');
      return receiver(rawBody, headers);
    },
  });
  // Webhooks are sent as long as the world exists: it is left behind as it is, nothing of it runs on its own.
  void provider.start(new AbortController().signal);
  return {
    ...{ timeline, draw, random, trace, wallMs, provider, providerFile },
    weather: openWeather({
      ...{ draw, now: timeline.now },
      failingPerMille: plan.failingPerMille,
      slowestMs: plan.slowestCallMs,
    }),
    jumpClock: (byMs) => {
      offset += byMs;
    },
    log: openLogDisk(wallMs, trace.event, before?.log.events),
    readModels: openReadModelDisk(witness, before?.readModels.generations),
    poisoned: new Set(),
    secrets: new Map(before?.secrets),
    objects: new Map(before?.objects),
    erasures: new Map(before?.erasures),
    signedHeads: { heads: [], verifiedUpTo: undefined, ...before?.signedHeads },
    mails: new Map(before?.mails),
    deliverTo: (deliver) => {
      receiver = deliver;
    },
  };
};
