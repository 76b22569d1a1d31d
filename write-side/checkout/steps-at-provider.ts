import type { PaymentToAsk, Step } from '../../domain/checkout/steps.ts';
import { ERASED } from '../../domain/event/definition.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { ChargeFact, RefundFact } from '../../domain/payment/commands.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import {
  type ChargeState,
  type PaymentProvider,
  ProviderRefused,
  ProviderUnavailable,
  type RefundState,
} from '../../infra/payments/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Cause } from '../handling/stream-cache.ts';
import { withinDeadline } from './provider-deadline.ts';

type Deps = {
  readonly handling: Handling;
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
};

/** What the provider's answer says, in the words of the payment's stream. */
export const chargeFact = (state: ChargeState): ChargeFact => state;
export const refundFact = (state: RefundState): RefundFact => state;

/** The provider is still at it: nothing to record yet, asked again later. */
export class StillProcessing extends Error {
  override readonly name = 'StillProcessing';
}

/**
 * The steps that call the provider. What is asked is recorded before the call, under ids that make a repetition the
 * same; an unknown outcome is asked for, and only what the provider says is recorded.
 */
export const stepsAtProvider = ({ handling, store, codec, provider, clock }: Deps) => {
  const recordCharge = async (paymentId: string, cause: Cause, state: ChargeState): Promise<void> => {
    const context = becauseOf(cause, `charge:${state.type}`);
    await handling.handle(paymentDecider, paymentId, { type: 'RecordCharge', fact: chargeFact(state) }, context);
    if (state.type === 'processing') throw new StillProcessing(`charge ${paymentId}`);
  };

  const recordRequested = (payment: PaymentToAsk, cause: Cause) =>
    handling.handle(
      paymentDecider,
      payment.paymentId,
      { type: 'RequestPayment', payment },
      becauseOf(cause, 'requestPayment'),
    );

  /** The answer of `call`, or what became of it. @throws ProviderUnavailable when it is not known even then */
  const surely = async <T>(call: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> => {
    try {
      return await withinDeadline(clock, call());
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      const found = await withinDeadline(clock, find());
      if (found === undefined) throw error;
      return found;
    }
  };

  /** The text of a piece of evidence: personal, so it stands in the log alone. */
  const evidenceText = async (orderId: string, evidenceId: string): Promise<string> => {
    for await (const batch of store.readStream(`${orderDecider.category}-${orderId}`)) {
      for (const decoded of await codec.decode(batch)) {
        if (!decoded.ok || decoded.event.type !== 'OrderDisputeEvidenceSubmitted') continue;
        if (decoded.event.data.evidenceId === evidenceId) return decoded.event.data.text;
      }
    }
    throw new Error(`order ${orderId} has no evidence ${evidenceId}`);
  };

  /** Why the provider will never have it; undefined: it has it. @throws ProviderUnavailable */
  const giveEvidence = async (disputeId: string, text: string): Promise<string | undefined> => {
    if (text === ERASED) return 'its author was erased';
    try {
      await withinDeadline(clock, provider.submitEvidence({ disputeId, text }));
      return undefined;
    } catch (error) {
      if (error instanceof ProviderRefused) return error.message;
      throw error;
    }
  };

  return {
    /** The same evidence twice (a crash before it was recorded as sent) changes nothing at the provider. */
    submitEvidence: async (
      orderId: string,
      { disputeId, evidenceId }: Extract<Step, { type: 'submitEvidence' }>,
      cause: Cause,
    ): Promise<void> => {
      const reason = await giveEvidence(disputeId, await evidenceText(orderId, evidenceId));
      const outcome =
        reason === undefined
          ? ({ type: 'RecordEvidenceSent', disputeId, evidenceId } as const)
          : ({ type: 'RecordEvidenceRefused', disputeId, evidenceId, reason } as const);
      await handling.handle(orderDecider, orderId, outcome, becauseOf(cause, `${outcome.type}:${evidenceId}`));
    },
    chargeProvider: async (step: Extract<Step, { type: 'chargeProvider' }>, cause: Cause): Promise<void> => {
      const { paymentId, orderId, amount, currency, method } = step.payment;
      await recordRequested(step.payment, cause);
      const request = { paymentId, orderId, amount: { amount, currency }, method };
      const state = await surely(
        () => provider.charge(request),
        () => provider.findCharge(paymentId),
      );
      await recordCharge(paymentId, cause, state);
    },
    confirmWithProvider: async (
      { paymentId }: Extract<Step, { type: 'confirmWithProvider' }>,
      cause: Cause,
    ): Promise<void> => {
      const state = await surely(
        () => provider.confirmCharge(paymentId),
        () => provider.findCharge(paymentId),
      );
      await recordCharge(paymentId, cause, state);
    },
    abandonPayment: async ({ payment }: Extract<Step, { type: 'abandonPayment' }>, cause: Cause): Promise<void> => {
      await recordRequested(payment, cause);
      await recordCharge(
        payment.paymentId,
        cause,
        await withinDeadline(clock, provider.abandonCharge(payment.paymentId)),
      );
    },
    refundProvider: async (step: Extract<Step, { type: 'refundProvider' }>, cause: Cause): Promise<void> => {
      const { paymentId, refundId, amount, currency } = step;
      const request = { type: 'RequestRefund', refundId, amount } as const;
      await handling.handle(paymentDecider, paymentId, request, becauseOf(cause, `requestRefund:${refundId}`));
      const state = await surely(
        () => provider.refund({ refundId, paymentId, amount: { amount, currency } }),
        () => provider.findRefund(refundId),
      );
      const record = { type: 'RecordRefund', refundId, fact: refundFact(state) } as const;
      await handling.handle(paymentDecider, paymentId, record, becauseOf(cause, `refund:${refundId}:${state.type}`));
      if (state.type === 'processing') throw new StillProcessing(`refund ${refundId}`);
    },
  };
};
