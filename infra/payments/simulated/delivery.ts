import type { Clock } from '../../clock/port.ts';
import type { Random } from '../../random/port.ts';
import type { DueDelivery, ProviderFile } from './provider-file.ts';
import { SIGNATURE_HEADER, sign } from './signature.ts';

/**
 * Hands one webhook to its receiver; a status other than 2xx, or a rejection, means it was not taken.
 * It must settle by itself (a time-out of its own): nothing else is sent while a batch waits for it.
 */
export type Deliver = (
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number }>;

export type Delivery = {
  /**
   * Sends what is owed until `signal` aborts; resolves when the sends in flight are over and recorded, rejects when the
   * provider's own file fails.
   */
  run(signal: AbortSignal): Promise<void>;
  /** Something new may be due: looks again. */
  wake(): void;
};

const BATCH = 64;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

type Outcome = { readonly due: DueDelivery; readonly error?: string };

/** Sends webhooks at least once; `advance` moves what time moves (payouts) and runs in a transaction before each batch. */
export const delivery = (
  file: ProviderFile,
  clock: Clock,
  random: Random,
  webhookSecret: string,
  deliver: Deliver,
  advance: () => void,
): Delivery => {
  let arm = (): void => {};

  /** Resolves from a timer of the clock even when something is due already, so that an answer of the provider precedes its webhook. */
  const workIsDue = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      let cancel = (): void => {};
      const resume = (): void => {
        cancel();
        signal.removeEventListener('abort', resume);
        arm = () => {};
        resolve();
      };
      arm = () => {
        cancel();
        const at = file.nextDue();
        cancel = at === undefined ? () => {} : clock.schedule(Math.max(0, at - clock.now()), resume);
      };
      signal.addEventListener('abort', resume, { once: true });
      arm();
    });

  const attempt = async (due: DueDelivery): Promise<Outcome> => {
    const rawBody = Buffer.from(due.body);
    const headers = {
      'content-type': 'application/json',
      [SIGNATURE_HEADER]: sign(webhookSecret, rawBody, clock.now()),
    };
    try {
      const { status } = await deliver(rawBody, headers);
      return status >= 200 && status < 300 ? { due } : { due, error: `status ${status}` };
    } catch (error) {
      return { due, error: String(error) };
    }
  };

  const inTurn = async (lane: readonly DueDelivery[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const due of lane) outcomes.push(await attempt(due));
    return outcomes;
  };

  const retryAfter = (attempts: number): number =>
    Math.ceil(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts) * (0.5 + random.fraction() / 2));

  const record = ({ due, error }: Outcome): void => {
    if (error === undefined) file.delivered(due.seq);
    else file.retry(due.seq, clock.now() + retryAfter(due.attempts), error);
  };

  const sendBatch = async (): Promise<void> => {
    file.atomically(advance);
    const due = file.dueDeliveries(clock.now(), BATCH);
    if (due.length === 0) return;
    // One lane a subject: without chaos the messages about one payment arrive in their order, those of others meanwhile.
    const lanes = Map.groupBy(due, ({ subject }) => subject);
    const outcomes = await Promise.all([...lanes.values()].map(inTurn));
    file.atomically(() => outcomes.flat().forEach(record));
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        await workIsDue(signal);
        if (!signal.aborted) await sendBatch();
      }
    },
    wake: () => arm(),
  };
};
