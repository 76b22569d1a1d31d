import { domainError } from '../errors.ts';
import { sumOf } from '../money/money.ts';
import { unreachable } from '../unreachable.ts';
import type { ChargeFact, PaymentCommand } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import { type AskedPayment, isCapturedPayment, isOpenPayment, type Payment } from './state.ts';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;

const asked = (payment: Payment): AskedPayment => {
  if (payment.status === 'none') throw domainError('NOT_FOUND', 'There is no such payment');
  return payment;
};

const recordCharge = (fact: ChargeFact, payment: AskedPayment): PaymentEvent[] => {
  const { paymentId } = payment;
  switch (fact.type) {
    case 'processing':
      return [];
    case 'requiresAction': {
      const { providerRef, clientAction } = fact;
      const known =
        payment.status === 'requiresAction' && JSON.stringify(payment.clientAction) === JSON.stringify(clientAction);
      return isOpenPayment(payment) && !known
        ? [{ type: 'PaymentActionRequired', data: { paymentId, providerRef, clientAction } }]
        : [];
    }
    case 'captured': {
      if (isCapturedPayment(payment)) return [];
      const { amount, currency } = fact.amount;
      return [{ type: 'PaymentCaptured', data: { paymentId, providerRef: fact.providerRef, amount, currency } }];
    }
    case 'declined':
      return isOpenPayment(payment) ? [{ type: 'PaymentDeclined', data: { paymentId, reason: fact.reason } }] : [];
    case 'abandoned':
      return isOpenPayment(payment) ? [{ type: 'PaymentAbandoned', data: { paymentId } }] : [];
    default:
      return unreachable(fact);
  }
};

const requestRefund = ({ refundId, amount }: Command<'RequestRefund'>, payment: AskedPayment): PaymentEvent[] => {
  if (!isCapturedPayment(payment)) throw domainError('ORDER_STATE', 'The payment was not captured');
  if (payment.refunds.some((refund) => refund.refundId === refundId)) return [];
  if (!Number.isSafeInteger(amount) || amount < 1) throw domainError('INVALID_INPUT', 'A refund has a positive amount');
  const gone = sumOf(payment.refunds.filter((refund) => refund.state !== 'failed').map((refund) => refund.amount));
  if (amount > payment.captured.amount - gone) throw domainError('REFUND_EXCEEDS');
  return [{ type: 'PaymentRefundRequested', data: { paymentId: payment.paymentId, refundId, amount } }];
};

const recordRefund = ({ refundId, fact }: Command<'RecordRefund'>, payment: AskedPayment): PaymentEvent[] => {
  const refund = isCapturedPayment(payment) && payment.refunds.find((candidate) => candidate.refundId === refundId);
  if (!refund) throw domainError('NOT_FOUND', 'There is no such refund');
  if (refund.state !== 'requested') return [];
  const { paymentId } = payment;
  switch (fact.type) {
    case 'processing':
      return [];
    case 'succeeded': {
      const { providerRef } = fact;
      return [{ type: 'PaymentRefunded', data: { paymentId, refundId, amount: refund.amount, providerRef } }];
    }
    case 'failed':
      return [{ type: 'PaymentRefundFailed', data: { paymentId, refundId, reason: fact.reason } }];
    default:
      return unreachable(fact);
  }
};

/** An end that overtook its beginning brings the beginning along. */
const recordDispute = (command: Command<'RecordDispute'>, payment: AskedPayment): PaymentEvent[] => {
  const { disputeId, status, reason } = command;
  const { amount, currency } = command.amount;
  const { paymentId } = payment;
  const known = payment.disputes.find((dispute) => dispute.disputeId === disputeId);
  const opened: PaymentEvent[] =
    known === undefined
      ? [{ type: 'PaymentDisputeOpened', data: { paymentId, disputeId, amount, currency, reason } }]
      : [];
  if (status === 'opened') return opened;
  if (known !== undefined && known.outcome !== 'open') return [];
  return [
    ...opened,
    { type: status === 'won' ? 'PaymentDisputeWon' : 'PaymentDisputeLost', data: { paymentId, disputeId } },
  ];
};

/**
 * What follows from a command.
 * @throws DomainError NOT_FOUND (never asked for), ORDER_STATE, REFUND_EXCEEDS, INVALID_INPUT
 */
export const decide = (command: PaymentCommand, payment: Payment): readonly PaymentEvent[] => {
  switch (command.type) {
    case 'RequestPayment':
      return payment.status === 'none' ? [{ type: 'PaymentRequested', data: command.payment }] : [];
    case 'RecordCharge':
      return recordCharge(command.fact, asked(payment));
    case 'RequestRefund':
      return requestRefund(command, asked(payment));
    case 'RecordRefund':
      return recordRefund(command, asked(payment));
    case 'RecordDispute':
      return recordDispute(command, asked(payment));
    default:
      return unreachable(command);
  }
};
