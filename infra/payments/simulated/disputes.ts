import { ProviderRefused } from '../port.ts';
import { disputeMessage } from './encode-message.ts';
import type { Outbox } from './outbox.ts';
import type { ChargeRecord, DisputeRecord, ProviderFile } from './provider-file.ts';
import { providerRef } from './provider-ref.ts';

export type Disputes = {
  /** The buyer disputes the whole of a captured charge. */
  open(charge: ChargeRecord): void;
  submitEvidence(request: { readonly disputeId: string; readonly text: string }): void;
};

/** Disputes of the simulated provider; every function runs in the caller's transaction. */
export const disputes = (file: ProviderFile, outbox: Outbox): Disputes => {
  const moveTo = (record: DisputeRecord): void => {
    file.save('dispute', record.disputeId, record);
    outbox.send(record.paymentId, disputeMessage(record));
  };

  return {
    open({ paymentId, state }) {
      if (state.type !== 'captured') return;
      const disputeId = providerRef('dp', paymentId);
      moveTo({ disputeId, paymentId, amount: state.amount, reason: 'fraudulent', status: 'opened' });
    },
    submitEvidence({ disputeId, text }) {
      const dispute = file.find('dispute', disputeId);
      if (dispute === undefined) throw new ProviderRefused(`there is no dispute ${disputeId}`);
      if (dispute.status !== 'opened') return;
      if (text.includes('winning_evidence')) moveTo({ ...dispute, status: 'won' });
      else if (text.includes('losing_evidence')) moveTo({ ...dispute, status: 'lost' });
    },
  };
};
