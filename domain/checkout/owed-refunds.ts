import { nothingLeft } from '../order/refund.ts';
import {
  deliveryOf,
  isCaptured,
  isDisputed,
  isLost,
  type OrderRefund,
  type PlacedOrder,
  refundedLines,
} from '../order/state.ts';
import { isCapturedPayment, type Payment } from '../payment/state.ts';
import { unreachable } from '../unreachable.ts';
import type { Step } from './steps.ts';
import { licencesOf, refundByVendor } from './vendor-parts.ts';

/** So often the money is offered back by itself; then an operator has to find another way. */
export const COMPENSATION_ATTEMPTS = 3;

/** Licences and ledgers can follow: either all vendors were credited, or none ever will be. */
export const canSettle = (order: PlacedOrder): boolean => {
  const delivery = deliveryOf(order);
  return delivery === 'never' || (delivery === 'done' && order.settled);
};

const settle = (order: PlacedOrder, refund: OrderRefund): readonly Step[] => {
  if (refund.settled || !canSettle(order)) return [];
  const whole = refundedLines(order).filter((lineId) => refund.lines.some((line) => line.lineId === lineId));
  return [
    {
      type: 'settleRefund',
      refundId: refund.refundId,
      currency: order.currency,
      licensesToRevoke: licencesOf(order, whole),
      vendors: order.settled ? refundByVendor(order, refund.lines) : [],
    },
  ];
};

const succeeded = (refundId: string): readonly Step[] => [
  { type: 'reflectRefund', command: { type: 'RecordRefunded', refundId } },
];
const failed = (refundId: string, reason: string): readonly Step[] => [
  { type: 'reflectRefund', command: { type: 'RecordRefundFailed', refundId, reason } },
];

/** The provider is not asked while a dispute holds the money; when the dispute took it, nothing is left to refund. */
const pursue = (order: PlacedOrder, payment: Payment, { refundId, amount }: OrderRefund): readonly Step[] => {
  if (amount === 0) return succeeded(refundId);
  const asked = isCapturedPayment(payment) && payment.refunds.find((refund) => refund.refundId === refundId);
  if (asked && asked.state === 'succeeded') return succeeded(refundId);
  if (asked && asked.state === 'failed') return failed(refundId, asked.reason ?? 'failed');
  if (!asked && isLost(order)) return failed(refundId, 'dispute_lost');
  if (order.payment === undefined || (!asked && isDisputed(order))) return [];
  const { paymentId } = order.payment;
  return [{ type: 'refundProvider', paymentId, refundId, amount, currency: order.currency }];
};

const owedForRefund = (order: PlacedOrder, payment: Payment, refund: OrderRefund): readonly Step[] => {
  switch (refund.state) {
    case 'requested':
      return pursue(order, payment, refund);
    case 'succeeded':
      return settle(order, refund);
    case 'failed':
      return [];
    default:
      return unreachable(refund.state);
  }
};

/** The whole money has to go back: captured after the cancellation, or not deliverable. */
const owedAsCompensation = (order: PlacedOrder): readonly Step[] => {
  if (!isCaptured(order) || deliveryOf(order) !== 'never' || order.status === 'refunded') return [];
  if (nothingLeft(order)) return [];
  const offered = order.refunds.filter((refund) => refund.compensation);
  const refused = offered.filter((refund) => refund.state === 'failed');
  const last = refused.at(-1);
  if (last !== undefined && refused.length >= COMPENSATION_ATTEMPTS) {
    return [{ type: 'awaitOperator', refundId: last.refundId }];
  }
  return [{ type: 'requestCompensation', attempt: offered.length + 1 }];
};

/** What is owed for money that goes back. */
export const owedForRefunds = (order: PlacedOrder, payment: Payment): readonly Step[] => [
  ...order.refunds.flatMap((refund) => owedForRefund(order, payment, refund)),
  ...owedAsCompensation(order),
];
