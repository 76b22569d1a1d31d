import type { Clock } from '../../clock/port.ts';
import type { Random } from '../../random/port.ts';
import { type PaymentProvider, ProviderRefused, ProviderUnavailable } from '../port.ts';
import { charges } from './charges.ts';
import { decodeMessage } from './decode-message.ts';
import { type Deliver, delivery } from './delivery.ts';
import { disputes } from './disputes.ts';
import { outbox } from './outbox.ts';
import { payouts } from './payouts.ts';
import { openProviderFile, type ProviderFile, type WebhookChaos } from './provider-file.ts';
import { refunds } from './refunds.ts';
import { SIGNATURE_HEADER, verify } from './signature.ts';

export type SimulatedProvider = PaymentProvider & {
  /**
   * From now on messages are late by `delayMs` (with `shuffle`: each by a random time up to it), sent `copies` times,
   * and with `shuffle` permuted among what is due. Kept in the file, so it holds after a restart.
   * @throws RangeError when `delayMs` is not an integer up to a day or `copies` not one from 1 to 100
   */
  setWebhookChaos(chaos: WebhookChaos): void;
  /**
   * Delivers webhooks, at least once each, until `signal` aborts. Resolves when the sends in flight are over; rejects
   * when the provider's own file fails. May be called again after it resolved.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Stops the delivery and closes the file; later calls throw `ProviderUnavailable`. */
  close(): Promise<void>;
};

const ACTION_TTL_MS = 900_000;

/**
 * A payment provider that stands for an external system: its state and the webhooks it owes live in a database of its
 * own at the path `file` (one process at a time), each call is durable with its webhooks before it answers, so it
 * survives the end of our process at any moment. Payment methods and accounts are the tokens of HTTP.md.
 * A client action expires `actionTtlMs` after the charge (default 15 minutes); confirmed later the charge is declined.
 */
export const openSimulatedProvider = (options: {
  /** A path; or where else it is kept. */
  readonly file: string | ProviderFile;
  readonly clock: Clock;
  readonly random: Random;
  readonly webhookSecret: string;
  readonly actionTtlMs?: number;
  readonly deliver: Deliver;
  /** Default true: what was answered is on the disk. False: it survives the end of the process only. */
  readonly durable?: boolean;
}): SimulatedProvider => {
  const { clock, random, webhookSecret, actionTtlMs = ACTION_TTL_MS, deliver } = options;
  const file = typeof options.file === 'string' ? openProviderFile(options.file, options.durable) : options.file;
  const owed = outbox(file, clock, random);
  const dispute = disputes(file, owed);
  const charge = charges(file, owed, clock, actionTtlMs, dispute.open);
  const refund = refunds(file, owed);
  const payout = payouts(file, owed, clock);
  const webhooks = delivery(file, clock, random, webhookSecret, deliver, payout.advance);
  const closing = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** One call of the provider: durable before it answers. */
  const answer = async <T>(work: () => T): Promise<T> => {
    try {
      const result = await file.together(work);
      webhooks.wake();
      return result;
    } catch (cause) {
      if (cause instanceof ProviderRefused) throw cause;
      throw new ProviderUnavailable('the simulated provider could not use its file', { cause });
    }
  };

  return {
    async charge(request) {
      const { state, first } = await answer(() => charge.charge(request));
      if (first && request.method === 'pm_unknownOutcome') throw new ProviderUnavailable('the call timed out');
      return state;
    },
    findCharge: async (paymentId) => answer(() => charge.find(paymentId)),
    confirmCharge: async (paymentId) => answer(() => charge.confirm(paymentId)),
    abandonCharge: async (paymentId) => answer(() => charge.abandon(paymentId)),
    refund: async (request) => answer(() => refund.refund(request)),
    findRefund: async (refundId) => answer(() => refund.find(refundId)),
    payOut: async (request) => answer(() => payout.payOut(request)),
    findPayout: async (payoutId) => answer(() => payout.find(payoutId)),
    submitEvidence: async (request) => answer(() => dispute.submitEvidence(request)),
    readWebhook(rawBody, headers) {
      verify(webhookSecret, rawBody, headers[SIGNATURE_HEADER], clock.now());
      return [decodeMessage(rawBody)];
    },
    setWebhookChaos: owed.setChaos,
    start(signal) {
      signal.addEventListener('abort', () => closing.abort(), { once: true });
      if (signal.aborted) closing.abort();
      running = webhooks.run(closing.signal);
      return running;
    },
    async close() {
      closing.abort();
      // A failure of the delivery belongs to who called `start`.
      await Promise.allSettled([running]);
      file.close();
    },
  };
};
