import type { OrderEvent, OrderLine, RefundLine } from './events.ts';
import type { OrderEventData } from './state.ts';

/** Events of one order for tests: two vendors, 20 % tax, 10 % commission, paid by card unless said otherwise. */
export const sampleId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const orderId = sampleId(1);
export const paymentId = sampleId(2);
export const customerId = sampleId(3);
export const refundId = sampleId(4);
export const dueBy = '2026-01-01T00:15:00.000Z';
export const clientAction = { type: 'redirect', url: 'https://bank.example/1', expiresAt: dueBy };

/** A line of `net` minor units; line `n` is of vendor `n`. */
export const sampleLine = (n: number, net: number, tax = Math.round(net / 5)): OrderLine => ({
  lineId: sampleId(10 + n),
  productId: sampleId(20 + n),
  vendorId: sampleId(30 + n),
  title: `Robot ${n}`,
  tierId: 'standard',
  tierName: 'Standard',
  quantity: 1,
  activationLimit: 3,
  unitPrice: net,
  discount: 0,
  tax,
  taxRateBps: 2000,
  total: net + tax,
  commission: Math.round(net / 10),
});

export const lineOne = sampleLine(1, 1000);
export const lineTwo = sampleLine(2, 500);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export const sampleOrder = (
  lines: OrderLine[] = [lineOne, lineTwo],
  more: Partial<OrderEventData<'OrderPlaced'>> = {},
): OrderEventData<'OrderPlaced'> => ({
  orderId,
  customerId,
  currency: 'EUR',
  lines,
  subtotal: sum(lines.map((line) => line.unitPrice * line.quantity)),
  discount: sum(lines.map((line) => line.discount)),
  tax: sum(lines.map((line) => line.tax)),
  total: sum(lines.map((line) => line.total)),
  stockHolds: [],
  ...(lines.some((line) => line.total > 0) ? { paymentMethod: 'pm_card_visa' } : {}),
  ...more,
});

export const orderPlaced = (...args: Parameters<typeof sampleOrder>): OrderEvent => ({
  type: 'OrderPlaced',
  data: sampleOrder(...args),
});
export const paymentRequested: OrderEvent = { type: 'OrderPaymentRequested', data: { orderId, paymentId, dueBy } };
export const actionRequired: OrderEvent = { type: 'OrderPaymentActionRequired', data: { orderId, clientAction } };
export const confirmationReported: OrderEvent = { type: 'OrderConfirmationReported', data: { orderId } };
export const orderPaid = (amount = 1800, method = 'pm_card_visa'): OrderEvent => ({
  type: 'OrderPaid',
  data: { orderId, amount, method },
});
export const orderCancelled = (
  reason: OrderEventData<'OrderCancelled'>['reason'] = 'cancelled_by_buyer',
): OrderEvent => ({ type: 'OrderCancelled', data: { orderId, reason } });

export const licenseId = (n: number): string => sampleId(40 + n);
export const sampleLicenses = [
  { lineId: lineOne.lineId, licenseId: licenseId(1) },
  { lineId: lineTwo.lineId, licenseId: licenseId(2) },
];
export const orderFulfilled = (licenses = sampleLicenses): OrderEvent => ({
  type: 'OrderFulfilled',
  data: { orderId, licenses },
});
export const holdsSettled = (outcome: 'confirmed' | 'released'): OrderEvent => ({
  type: 'OrderHoldsSettled',
  data: { orderId, outcome },
});
export const orderSettled: OrderEvent = { type: 'OrderSettled', data: { orderId } };

/** Up to the point where the money is in. */
export const untilPaid = [orderPlaced(), paymentRequested, orderPaid()] as const;
/** Up to the point where nothing is owed. */
export const untilSettled = [...untilPaid, orderFulfilled(), orderSettled] as const;

/** The whole of a line as a refund takes it. */
export const wholeOf = (line: OrderLine): RefundLine => ({
  lineId: line.lineId,
  amount: line.total,
  net: line.total - line.tax,
  commission: line.commission,
});
export const refundRequested = (
  lines: RefundLine[] = [wholeOf(lineOne), wholeOf(lineTwo)],
  { id = refundId, compensation = false }: { id?: string; compensation?: boolean } = {},
): OrderEvent => ({
  type: 'OrderRefundRequested',
  data: {
    orderId,
    refundId: id,
    amount: sum(lines.map((line) => line.amount)),
    lines,
    reason: 'requested_by_customer',
    requestedBy: compensation ? 'system' : customerId,
    compensation,
  },
});
export const orderRefunded = (
  lines: RefundLine[] = [wholeOf(lineOne), wholeOf(lineTwo)],
  id = refundId,
): OrderEvent => ({
  type: 'OrderRefunded',
  data: { orderId, refundId: id, amount: sum(lines.map((line) => line.amount)), lines },
});
export const refundFailed = (id = refundId): OrderEvent => ({
  type: 'OrderRefundFailed',
  data: { orderId, refundId: id, reason: 'expired_card' },
});
export const disputeOpened = (disputeId = 'dp_1'): OrderEvent => ({
  type: 'OrderDisputeOpened',
  data: { orderId, disputeId, amount: 1800, reason: 'fraudulent' },
});
export const disputeWon = (disputeId = 'dp_1'): OrderEvent => ({
  type: 'OrderDisputeWon',
  data: { orderId, disputeId },
});
export const disputeLost = (disputeId = 'dp_1'): OrderEvent => ({
  type: 'OrderDisputeLost',
  data: { orderId, disputeId },
});
export const disputeSettled = (stage: 'opened' | 'won' | 'lost', disputeId = 'dp_1'): OrderEvent => ({
  type: 'OrderDisputeSettled',
  data: { orderId, disputeId, stage },
});
