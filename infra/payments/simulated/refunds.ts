import type { PaymentProvider, RefundState } from '../port.ts';
import { refundMessage } from './encode-message.ts';
import type { Outbox } from './outbox.ts';
import type { ChargeRecord, ProviderFile } from './provider-file.ts';
import { providerRef } from './provider-ref.ts';

type RefundRequest = Parameters<PaymentProvider['refund']>[0];

export type Refunds = {
  refund(request: RefundRequest): RefundState;
  find(refundId: string): RefundState | undefined;
};

/** Refunds of the simulated provider; every function runs in the caller's transaction. */
export const refunds = (file: ProviderFile, outbox: Outbox): Refunds => {
  /** Why the refund fails; undefined: it succeeds. */
  const refusal = ({ paymentId, amount }: RefundRequest, charge: ChargeRecord | undefined): string | undefined => {
    if (charge === undefined) return 'charge_not_found';
    if (charge.state.type !== 'captured') return 'charge_not_captured';
    if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0) return 'invalid_amount';
    if (amount.currency !== charge.state.amount.currency) return 'currency_mismatch';
    const dispute = file.find('dispute', providerRef('dp', paymentId));
    // The disputed money was taken back already, or will be: a refund would pay the buyer twice.
    if (dispute !== undefined && dispute.status !== 'won') return 'charge_disputed';
    if (charge.refunded + amount.amount > charge.state.amount.amount) return 'amount_too_large';
    if (charge.terms?.method === 'pm_card_refundFail') return 'expired_or_canceled_card';
    return undefined;
  };

  return {
    refund(request) {
      const { refundId, paymentId, amount } = request;
      const known = file.find('refund', refundId);
      if (known !== undefined) return known.state;
      const charge = file.find('charge', paymentId);
      const reason = refusal(request, charge);
      const ref = { providerRef: providerRef('re', refundId) };
      const state: RefundState =
        reason === undefined ? { type: 'succeeded', ...ref, amount } : { type: 'failed', ...ref, reason };
      if (charge !== undefined && state.type === 'succeeded')
        file.save('charge', paymentId, { ...charge, refunded: charge.refunded + amount.amount });
      const record = { refundId, paymentId, amount, state };
      file.save('refund', refundId, record);
      outbox.send(paymentId, refundMessage(record));
      return state;
    },
    find: (refundId) => file.find('refund', refundId)?.state,
  };
};
