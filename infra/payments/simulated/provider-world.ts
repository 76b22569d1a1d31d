import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManualClock, manualClock } from '../../clock/manual-clock.ts';
import { seededRandom } from '../../random/seeded-random.ts';
import type { SignedWebhook } from '../contract.ts';
import type { ProviderNotice } from '../port.ts';
import { openSimulatedProvider, type SimulatedProvider } from './open-simulated-provider.ts';
import type { ProviderFile } from './provider-file.ts';

export const WEBHOOK_SECRET = 'whsec_test';
export const STARTED_AT = Date.parse('2026-01-02T03:04:05.000Z');

/** The provider with a receiver of its webhooks, on a clock that the test moves. */
export type ProviderWorld = {
  readonly provider: SimulatedProvider;
  readonly clock: ManualClock;
  /** What arrived since it was asked last, after everything due now was sent. */
  arrivals(): Promise<readonly SignedWebhook[]>;
  /** The same, read. */
  notices(): Promise<readonly ProviderNotice[]>;
  close(): Promise<void>;
};

/** A new folder for the provider's file, with what removes it. */
export const temporaryFile = (): { readonly file: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'provider-'));
  return { file: join(folder, 'provider.db'), remove: () => rmSync(folder, { recursive: true }) };
};

/**
 * Opens a world over `file`. One that is left without `close` is a killed process: its clock never moves again, so
 * nothing of it runs any more. `receive` answers each delivery (default: 200).
 */
export const openWorld = (
  file: string | ProviderFile,
  options: {
    readonly startMs?: number;
    readonly seed?: number;
    readonly receive?: () => number | Promise<number>;
  } = {},
): ProviderWorld => {
  const { startMs = STARTED_AT, seed = 1, receive = () => 200 } = options;
  const clock = manualClock(startMs);
  const stopping = new AbortController();
  let arrived: SignedWebhook[] = [];
  const provider = openSimulatedProvider({
    file,
    clock,
    random: seededRandom(seed, clock),
    webhookSecret: WEBHOOK_SECRET,
    deliver: async (rawBody, headers) => {
      arrived.push({ rawBody, headers });
      return { status: await receive() };
    },
  });
  const running = provider.start(stopping.signal);
  const arrivals = async (): Promise<readonly SignedWebhook[]> => {
    await clock.advance(0);
    const now = arrived;
    arrived = [];
    return now;
  };

  return {
    provider,
    clock,
    arrivals,
    notices: async () => (await arrivals()).flatMap(({ rawBody, headers }) => provider.readWebhook(rawBody, headers)),
    async close() {
      stopping.abort();
      await running;
      await provider.close();
    },
  };
};
