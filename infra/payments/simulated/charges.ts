import { unreachable } from '../../../domain/unreachable.ts';
import type { Clock } from '../../clock/port.ts';
import { type ChargeState, type PaymentProvider, ProviderRefused } from '../port.ts';
import { chargeMessage } from './encode-message.ts';
import type { Outbox } from './outbox.ts';
import type { ChargeRecord, ProviderFile } from './provider-file.ts';
import { providerRef } from './provider-ref.ts';

type ChargeRequest = Parameters<PaymentProvider['charge']>[0];

export type Charges = {
  /** `first` is false when the provider knew the charge already. */
  charge(request: ChargeRequest): { readonly state: ChargeState; readonly first: boolean };
  find(paymentId: string): ChargeState | undefined;
  confirm(paymentId: string): ChargeState;
  abandon(paymentId: string): ChargeState;
};

/**
 * Charges of the simulated provider; every function runs in the caller's transaction.
 * `openDispute` is called after the capture of a charge whose buyer will dispute it.
 */
export const charges = (
  file: ProviderFile,
  outbox: Outbox,
  clock: Clock,
  actionTtlMs: number,
  openDispute: (charge: ChargeRecord) => void,
): Charges => {
  const moveTo = (record: ChargeRecord): ChargeState => {
    file.save('charge', record.paymentId, record);
    outbox.send(record.paymentId, chargeMessage(record));
    return record.state;
  };

  const firstState = ({ paymentId, amount, method }: ChargeRequest): ChargeState => {
    const ref = { providerRef: providerRef('ch', paymentId) };
    const declined = (reason: string): ChargeState => ({ type: 'declined', ...ref, reason });
    if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0) return declined('invalid_amount');
    switch (method) {
      case 'pm_card_visa':
      case 'pm_card_createDispute':
      case 'pm_card_refundFail':
      case 'pm_unknownOutcome':
        return { type: 'captured', ...ref, amount };
      case 'pm_card_chargeDeclined':
        return declined('card_declined');
      case 'pm_card_chargeDeclinedInsufficientFunds':
        return declined('insufficient_funds');
      case 'pm_card_authenticationRequired': {
        const url = `https://payments.example/authenticate/${ref.providerRef}`;
        const expiresAt = new Date(clock.now() + actionTtlMs).toISOString();
        return { type: 'requiresAction', ...ref, clientAction: { type: 'threeDSecure', url, expiresAt } };
      }
      default:
        return declined('invalid_payment_method');
    }
  };

  return {
    charge(request) {
      const { paymentId, orderId, amount, method } = request;
      const known = file.find('charge', paymentId);
      if (known !== undefined) return { state: known.state, first: false };
      const state = firstState(request);
      const record = { paymentId, terms: { orderId, amount, method }, state, refunded: 0 };
      moveTo(record);
      if (method === 'pm_card_createDispute' && state.type === 'captured') openDispute(record);
      return { state, first: true };
    },
    find: (paymentId) => file.find('charge', paymentId)?.state,
    confirm(paymentId) {
      const record = file.find('charge', paymentId);
      if (record === undefined) throw new ProviderRefused(`there is no charge ${paymentId}`);
      const { state, terms } = record;
      if (state.type !== 'requiresAction' || terms === undefined) return state;
      const ref = { providerRef: state.providerRef };
      return Date.parse(state.clientAction.expiresAt) <= clock.now()
        ? moveTo({ ...record, state: { type: 'declined', ...ref, reason: 'authentication_expired' } })
        : moveTo({ ...record, state: { type: 'captured', ...ref, amount: terms.amount } });
    },
    abandon(paymentId) {
      const ref = { providerRef: providerRef('ch', paymentId) };
      const record: ChargeRecord = file.find('charge', paymentId) ?? {
        paymentId,
        state: { type: 'processing', ...ref },
        refunded: 0,
      };
      switch (record.state.type) {
        case 'processing':
        case 'requiresAction':
          return moveTo({ ...record, state: { type: 'abandoned', ...ref } });
        case 'captured':
        case 'declined':
        case 'abandoned':
          return record.state;
        default:
          return unreachable(record.state);
      }
    },
  };
};
