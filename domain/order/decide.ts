import { domainError } from '../errors.ts';
import { sumOf, times } from '../money/money.ts';
import { unreachable } from '../unreachable.ts';
import type { OrderCommand } from './commands.ts';
import { decideDispute } from './decide-dispute.ts';
import { decideRefund } from './decide-refund.ts';
import { decideBuyersRequest } from './decide-request.ts';
import type { OrderEvent } from './events.ts';
import { deliveryOf, isCaptured, isPlaced, type Order, type OrderEventData, type PlacedOrder } from './state.ts';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;

const sameAction = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

const addsUp = (order: OrderEventData<'OrderPlaced'>): boolean =>
  order.subtotal === sumOf(order.lines.map((line) => times(line.unitPrice, line.quantity))) &&
  order.discount === sumOf(order.lines.map((line) => line.discount)) &&
  order.tax === sumOf(order.lines.map((line) => line.tax)) &&
  order.total === sumOf(order.lines.map((line) => line.total)) &&
  order.lines.every(
    (line) =>
      line.total === line.unitPrice * line.quantity - line.discount + line.tax &&
      line.commission <= line.total - line.tax,
  );

const place = (order: OrderEventData<'OrderPlaced'>, state: Order): OrderEvent[] => {
  if (state.status === 'expired') throw domainError('CHECKOUT_EXPIRED');
  if (state.status !== 'none') return [];
  if (new Set(order.lines.map((line) => line.lineId)).size < order.lines.length || !addsUp(order)) {
    throw domainError('INVALID_INPUT', 'The amounts of the order do not add up');
  }
  if (order.total > 0 && order.paymentMethod === undefined) throw domainError('PAYMENT_METHOD_REQUIRED');
  return [{ type: 'OrderPlaced', data: order }];
};

const requestPayment = ({ paymentId, dueBy }: Command<'RequestPayment'>, order: PlacedOrder): OrderEvent[] => {
  if (order.status !== 'placed') return [];
  if (order.total === 0) throw domainError('ORDER_STATE', 'A free order needs no payment');
  return [{ type: 'OrderPaymentRequested', data: { orderId: order.orderId, paymentId, dueBy } }];
};

const requireAction = ({ clientAction }: Command<'RequirePaymentAction'>, order: PlacedOrder): OrderEvent[] => {
  const event: OrderEvent = { type: 'OrderPaymentActionRequired', data: { orderId: order.orderId, clientAction } };
  if (order.status === 'awaitingPayment') return [event];
  return order.status === 'awaitingConfirmation' && !sameAction(order.clientAction, clientAction) ? [event] : [];
};

const reportConfirmation = (order: PlacedOrder): OrderEvent[] => {
  if (isCaptured(order)) return [];
  if (order.status !== 'awaitingConfirmation') throw domainError('ORDER_STATE', 'No client step is waiting');
  return order.confirmationReported ? [] : [{ type: 'OrderConfirmationReported', data: { orderId: order.orderId } }];
};

const recordPaid = ({ amount, method }: Command<'RecordPaid'>, order: PlacedOrder): OrderEvent[] => {
  if (isCaptured(order)) return [];
  if (order.total === 0 && order.status === 'cancelled') return [];
  if (order.status === 'placed' && order.total > 0) throw domainError('ORDER_STATE', 'No payment was requested');
  return [{ type: 'OrderPaid', data: { orderId: order.orderId, amount, method } }];
};

const cancel = ({ reason, detail }: Command<'CancelOrder'>, order: PlacedOrder): OrderEvent[] => {
  if (order.status === 'cancelled') return [];
  if (isCaptured(order)) {
    if (reason === 'cancelled_by_buyer') throw domainError('ORDER_PAID');
    return [];
  }
  const why = detail === undefined ? { reason } : { reason, detail };
  return [{ type: 'OrderCancelled', data: { orderId: order.orderId, ...why } }];
};

const fulfil = ({ licenses }: Command<'FulfilOrder'>, order: PlacedOrder): OrderEvent[] => {
  if (order.licenses !== undefined) return [];
  if (order.status !== 'paid' || deliveryOf(order) === 'never') throw domainError('ORDER_STATE', 'Nothing to deliver');
  const licensed = new Set(licenses.map((license) => license.lineId));
  if (licenses.length !== order.lines.length || order.lines.some((line) => !licensed.has(line.lineId))) {
    throw domainError('INVALID_INPUT', 'Every line needs one licence');
  }
  return [{ type: 'OrderFulfilled', data: { orderId: order.orderId, licenses: [...licenses] } }];
};

const settleHolds = ({ outcome }: Command<'SettleHolds'>, order: PlacedOrder): OrderEvent[] => {
  if (order.holdsSettled !== undefined) return [];
  if (deliveryOf(order) !== (outcome === 'confirmed' ? 'done' : 'never')) {
    throw domainError('ORDER_STATE', 'It is not decided yet whether the order is delivered');
  }
  return [{ type: 'OrderHoldsSettled', data: { orderId: order.orderId, outcome } }];
};

const settle = (order: PlacedOrder): OrderEvent[] => {
  if (order.settled) return [];
  if (order.licenses === undefined) throw domainError('ORDER_STATE', 'The order was not delivered');
  return [{ type: 'OrderSettled', data: { orderId: order.orderId } }];
};

const expire = (orderId: string, order: Order): OrderEvent[] => {
  if (isPlaced(order)) throw domainError('ORDER_STATE', 'The order came');
  return order.status === 'expired' ? [] : [{ type: 'CheckoutExpired', data: { orderId } }];
};

const placedOrder = (order: Order): PlacedOrder => {
  if (!isPlaced(order)) throw domainError('NOT_FOUND');
  return order;
};

/**
 * What follows from a command.
 * @throws DomainError NOT_FOUND where no order was placed; CHECKOUT_EXPIRED, PAYMENT_METHOD_REQUIRED, ORDER_STATE,
 * ORDER_PAID, ORDER_DISPUTED, REFUND_EXCEEDS, INVALID_INPUT as the commands say
 */
export const decide = (command: OrderCommand, order: Order): readonly OrderEvent[] => {
  switch (command.type) {
    case 'PlaceOrder':
      return place(command.order, order);
    case 'ExpireCheckout':
      return expire(command.orderId, order);
    case 'RequestPayment':
      return requestPayment(command, placedOrder(order));
    case 'RequirePaymentAction':
      return requireAction(command, placedOrder(order));
    case 'ReportConfirmation':
      return reportConfirmation(placedOrder(order));
    case 'RecordPaid':
      return recordPaid(command, placedOrder(order));
    case 'CancelOrder':
      return cancel(command, placedOrder(order));
    case 'FulfilOrder':
      return fulfil(command, placedOrder(order));
    case 'SettleHolds':
      return settleHolds(command, placedOrder(order));
    case 'SettleOrder':
      return settle(placedOrder(order));
    case 'RequestRefund':
    case 'RecordRefunded':
    case 'RecordRefundFailed':
    case 'SettleRefund':
      return decideRefund(command, placedOrder(order));
    case 'OpenDispute':
    case 'WinDispute':
    case 'LoseDispute':
    case 'SettleDispute':
    case 'SubmitEvidence':
    case 'RecordEvidenceSent':
    case 'RecordEvidenceRefused':
      return decideDispute(command, placedOrder(order));
    case 'AskForRefund':
    case 'RefuseRefundRequest':
      return decideBuyersRequest(command, placedOrder(order));
    default:
      return unreachable(command);
  }
};
