import { couponCode } from '../../domain/coupon/create-coupon.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { discountFor } from '../../domain/coupon/discount.ts';
import { DomainError, domainError } from '../../domain/errors.ts';
import { times } from '../../domain/money/money.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { priceOrder } from '../../domain/order/pricing.ts';
import type { Order } from '../../domain/order/state.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { taxRateFor } from '../../domain/tax/tax.ts';
import { type CommandContext, stepOf } from '../handling/context.ts';
import type { Handled, Handling } from '../handling/handling.ts';
import { type Basket, basketOf } from './basket.ts';
import type { OrderBody } from './order-body.ts';

/** What a basket and its coupon may be refused for, as a quote and as an order. */
export const orderRefusals = [
  'PRICE_CHANGED',
  'MIXED_CURRENCIES',
  'NOT_ON_SALE',
  'OUT_OF_STOCK',
  'COUPON_NOT_ACTIVE',
  'COUPON_EXHAUSTED',
  'COUPON_NOT_APPLICABLE',
] as const;

/** A hold whose order has not come by then may be released (never before the order's stream is fenced). */
export const HOLD_MS = 60_000;

export type PlaceOrder = {
  readonly orderId: string;
  readonly customerId: string;
  readonly body: OrderBody;
  readonly context: CommandContext;
  /** RFC 3339. */
  readonly now: string;
  readonly commissionBps: number;
  /**
   * New for every try of the request: a hold that an earlier try gave back must be decided anew, not answered from what
   * that try recorded. The deciders themselves know one hold an order.
   */
  readonly attempt: string;
};

const couponTerms = async (handling: Handling, code: string) => {
  const { state } = await handling.load(couponDecider, code);
  if (state.status === 'none') throw domainError('COUPON_NOT_ACTIVE');
  return state.terms;
};

/** What an order would cost, all amounts as they would be frozen. @throws DomainError as `basketOf`, and COUPON_… */
export const priced = async (
  handling: Handling,
  { orderId, body, now, commissionBps }: Omit<PlaceOrder, 'context' | 'customerId' | 'attempt'>,
) => {
  const basket = await basketOf(handling, orderId, body.items);
  const { currency, items } = basket;
  const code = body.couponCode === undefined ? undefined : couponCode(body.couponCode);
  const lines = items.map(({ productId, vendorId, tier, quantity }) => ({
    productId,
    vendorId,
    net: times(tier.price, quantity),
    currency,
  }));
  const discounts = code === undefined ? [] : discountFor(await couponTerms(handling, code), lines);
  const taxRateBps = taxRateFor(body.billing?.country, now);
  return { basket, code, order: priceOrder({ currency, items, discounts, taxRateBps, commissionBps }) };
};

/** Holds the coupon and the limited stock under the order's id; gives back what was held when one of them is refused. */
const reserve = async (
  handling: Handling,
  request: PlaceOrder,
  basket: Basket,
  code: string | undefined,
): Promise<() => Promise<void>> => {
  const { orderId, customerId, now, attempt } = request;
  const context = stepOf(request.context, attempt);
  const until = new Date(Date.parse(now) + HOLD_MS).toISOString();
  const undo: (() => Promise<unknown>)[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(undo.map((give) => give()));
  };
  const reason = 'order_refused';
  try {
    if (code !== undefined) {
      await handling.handle(
        couponDecider,
        code,
        { type: 'ReserveCoupon', code, orderId, customerId, now, until },
        stepOf(context, 'coupon'),
      );
      undo.push(() =>
        handling.handle(
          couponDecider,
          code,
          { type: 'ReleaseCoupon', code, orderId, reason },
          stepOf(context, 'releaseCoupon'),
        ),
      );
    }
    for (const { productId, quantity, level, available } of basket.stock) {
      const hold = { type: 'ReserveStock', productId, orderId, quantity, level, available, until } as const;
      await handling.handle(stockDecider, productId, hold, stepOf(context, `stock:${productId}`));
      undo.push(() =>
        handling.handle(
          stockDecider,
          productId,
          { type: 'ReleaseStock', productId, orderId, reason },
          stepOf(context, `releaseStock:${productId}`),
        ),
      );
    }
  } catch (error) {
    if (error instanceof DomainError && error.status < 500) await release();
    throw error;
  }
  return release;
};

/**
 * Places an order: price it from the products' streams, hold what is scarce under its id, then freeze it in
 * `OrderPlaced`. A refusal appends no order and gives the holds back; after a crash in between they expire.
 * @throws DomainError PRICE_CHANGED, NOT_ON_SALE, MIXED_CURRENCIES, PAYMENT_METHOD_REQUIRED, COUPON_…, OUT_OF_STOCK, CHECKOUT_EXPIRED
 */
export const placeOrder = async (handling: Handling, request: PlaceOrder): Promise<Handled<Order>> => {
  const { orderId, customerId, body, context } = request;
  const { basket, code, order } = await priced(handling, request);
  if (order.total > 0 && body.paymentMethod === undefined) {
    throw domainError('PAYMENT_METHOD_REQUIRED', undefined, {
      errors: [{ path: 'paymentMethod', message: 'is needed: the total is not 0' }],
    });
  }
  const release = await reserve(handling, request, basket, code);
  const placed = {
    orderId,
    customerId,
    ...order,
    ...(code === undefined ? {} : { couponCode: code }),
    stockHolds: basket.stock.map(({ productId }) => productId),
    ...(order.total === 0 || body.paymentMethod === undefined ? {} : { paymentMethod: body.paymentMethod }),
    ...(body.billing === undefined ? {} : { billing: body.billing }),
  };
  try {
    return await handling.handle(orderDecider, orderId, { type: 'PlaceOrder', order: placed }, context);
  } catch (error) {
    if (error instanceof DomainError && error.status < 500) await release();
    throw error;
  }
};
