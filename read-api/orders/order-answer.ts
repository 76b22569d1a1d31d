import { z } from 'zod';
import { stateOfRequest } from '../../domain/order/buyers-request.ts';
import type { LicenseDocument } from '../../projections/licenses/licenses.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { moneyAnswer, moneyIn } from '../answers.ts';
import { licenseStateAt } from '../licenses/issued-license.ts';

export const orderState = z.enum([
  'placed',
  'awaitingPayment',
  'awaitingConfirmation',
  'paid',
  'fulfilled',
  'cancelled',
  'partiallyRefunded',
  'refunded',
]);

export const orderAnswer = z.object({
  id: z.string(),
  state: orderState,
  disputed: z.boolean(),
  createdAt: z.string(),
  currency: z.string(),
  lines: z.array(
    z.object({
      id: z.string(),
      productId: z.string(),
      title: z.string(),
      tierId: z.string(),
      quantity: z.number().int(),
      unitPrice: moneyAnswer,
      discount: moneyAnswer,
      tax: moneyAnswer,
      total: moneyAnswer,
      vendorId: z.string(),
    }),
  ),
  subtotal: moneyAnswer,
  discount: moneyAnswer,
  tax: moneyAnswer,
  total: moneyAnswer,
  refunded: moneyAnswer,
  coupon: z.string().optional(),
  refunds: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['requested', 'succeeded', 'failed']),
      amount: moneyAnswer,
      lines: z.array(z.object({ lineId: z.string(), amount: moneyAnswer })),
      reason: z.string(),
      requestedAt: z.string(),
      failure: z.string().optional(),
    }),
  ),
  refundRequests: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['open', 'refunded', 'refused']),
      /** The buyer's words. */
      reason: z.string().optional(),
      requestedAt: z.string(),
      answeredAt: z.string().optional(),
      refundId: z.string().optional(),
      /** Why it was refused. */
      refusal: z.string().optional(),
      /** Each vendor answers for its own lines; the request is open until all are answered. */
      lines: z.array(
        z.object({
          lineId: z.string(),
          state: z.enum(['open', 'refunded', 'refused']),
          refundId: z.string().optional(),
          refusal: z.string().optional(),
        }),
      ),
    }),
  ),
  dispute: z
    .object({ id: z.string(), state: z.enum(['open', 'won', 'lost']), amount: moneyAnswer, reason: z.string() })
    .optional(),
  payment: z.object({
    state: z.enum(['requested', 'requiresAction', 'captured', 'declined', 'abandoned', 'refunded']),
    /** The buyer's; absent for a vendor. */
    method: z.string().optional(),
    clientAction: z.object({ type: z.string(), url: z.string().optional(), expiresAt: z.string() }).optional(),
  }),
  licenses: z.array(
    z.object({
      id: z.string(),
      productId: z.string(),
      state: z.enum(['active', 'suspended', 'revoked', 'expired']),
    }),
  ),
  reason: z.string().optional(),
  timeline: z.array(z.object({ at: z.string(), step: z.string(), reason: z.string().optional() })),
});
export type OrderAnswer = z.infer<typeof orderAnswer>;

/** An order cut to its reader; `method` null: not for this reader. */
export type SeenOrder = Omit<OrderDocument, 'customerId' | 'billing' | 'payment'> & {
  readonly payment: (Omit<NonNullable<OrderDocument['payment']>, 'method'> & { readonly method: string | null }) | null;
};

const paymentOf = ({ payment }: SeenOrder): OrderAnswer['payment'] => {
  if (payment === null) return { state: 'captured', method: 'none' }; // total 0: there is nothing to pay
  const { state, method, clientAction } = payment;
  return { state, ...(method === null ? {} : { method }), ...(clientAction === null ? {} : { clientAction }) };
};

const refundOf = (
  refund: OrderDocument['refunds'][number],
  money: ReturnType<typeof moneyIn>,
): OrderAnswer['refunds'][number] => ({
  id: refund.id,
  state: refund.state,
  amount: money(refund.amount),
  lines: refund.lines.map(({ lineId, amount }) => ({ lineId, amount: money(amount) })),
  reason: refund.reason,
  requestedAt: refund.requestedAt,
  ...(refund.failure === null ? {} : { failure: refund.failure }),
});

const last = (values: readonly (string | null)[]): string | null => values.findLast((value) => value !== null) ?? null;

const answerOf = ({ refundId, refusal }: { readonly refundId: string | null; readonly refusal: string | null }) => ({
  ...(refundId === null ? {} : { refundId }),
  ...(refusal === null ? {} : { refusal }),
});

const requestOf = (
  request: OrderDocument['refundRequests'][number],
  reasons: ReadonlyMap<string, string>,
): OrderAnswer['refundRequests'][number] => {
  const { id, requestedAt, lines } = request;
  const reason = reasons.get(id);
  const state = stateOfRequest(lines);
  const answeredAt = state === 'open' ? null : last(lines.map((line) => line.answeredAt).sort());
  return {
    ...{ id, state },
    ...(reason === undefined ? {} : { reason }),
    requestedAt,
    ...(answeredAt === null ? {} : { answeredAt }),
    ...answerOf({
      refundId: last(lines.map((line) => line.refundId)),
      refusal: last(lines.map((line) => line.refusal)),
    }),
    lines: lines.map((line) => ({ lineId: line.lineId, state: line.state, ...answerOf(line) })),
  };
};

/** What is joined to an order: licences of its lines by id, and what its buyer wrote, by refund request id. */
export type OrderJoins = {
  readonly licenses: ReadonlyMap<string, LicenseDocument>;
  readonly reasons: ReadonlyMap<string, string>;
};

/**
 * An order as it is answered. Licences have their state at `now`; one that its read model does not have yet is left out.
 */
export const orderOf = (order: SeenOrder, { licenses, reasons }: OrderJoins, now: string): OrderAnswer => {
  const money = moneyIn(order.currency);
  const { dispute } = order;
  return {
    id: order.id,
    state: order.state,
    disputed: order.disputed,
    createdAt: order.createdAt,
    currency: order.currency,
    lines: order.lines.map((line) => ({
      id: line.lineId,
      productId: line.productId,
      title: line.title,
      tierId: line.tierId,
      quantity: line.quantity,
      unitPrice: money(line.unitPrice),
      discount: money(line.discount),
      tax: money(line.tax),
      total: money(line.total),
      vendorId: line.vendorId,
    })),
    subtotal: money(order.subtotal),
    discount: money(order.discount),
    tax: money(order.tax),
    total: money(order.total),
    refunded: money(order.refunded),
    ...(order.coupon === null ? {} : { coupon: order.coupon }),
    refunds: order.refunds.map((refund) => refundOf(refund, money)),
    refundRequests: order.refundRequests.map((request) => requestOf(request, reasons)),
    ...(dispute === null ? {} : { dispute: { ...dispute, amount: money(dispute.amount) } }),
    payment: paymentOf(order),
    licenses: order.licenses.flatMap(({ licenseId }) => {
      const license = licenses.get(licenseId);
      if (license === undefined) return [];
      return [{ id: license.id, productId: license.productId, state: licenseStateAt(license, now) }];
    }),
    ...(order.reason === null ? {} : { reason: order.reason }),
    timeline: order.timeline.map(({ at, step, reason }) => (reason === null ? { at, step } : { at, step, reason })),
  };
};
