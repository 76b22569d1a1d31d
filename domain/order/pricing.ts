import { domainError } from '../errors.ts';
import { sumOf, times } from '../money/money.ts';
import { allocate, percentOf } from '../money/split.ts';
import type { LicenseTier } from '../product/events.ts';
import type { OrderLine } from './events.ts';

/** What is to be bought: one line, one licence. `title` and `tier` as the product's stream has them now. */
export type PricedItem = {
  readonly lineId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly title: string;
  readonly tier: LicenseTier;
  readonly quantity: number;
};

export type PriceRequest = {
  readonly currency: string;
  readonly items: readonly PricedItem[];
  /** Minor units off each item, in the order of `items`; empty when there is no coupon. */
  readonly discounts: readonly number[];
  readonly taxRateBps: number;
  /** The market's share of the discounted net, 0–10000. */
  readonly commissionBps: number;
};

/** Amounts as `OrderPlaced` freezes them: total = subtotal − discount + tax, and each is the sum over the lines. */
export type PricedOrder = {
  readonly currency: string;
  readonly lines: OrderLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
};

const netOf = (item: PricedItem, discount: number): number => {
  if (item.quantity < 1) throw domainError('INVALID_INPUT', 'The quantity is at least 1');
  const gross = times(item.tier.price, item.quantity);
  if (discount < 0 || discount > gross) throw domainError('INVALID_INPUT', 'The discount is more than the price');
  return gross - discount;
};

/**
 * Prices an order: tax is exclusive, on the discounted net of the whole order, rounded half up and split over the lines
 * by largest remainder; commission is on each line's discounted net without tax, rounded half up.
 * @throws DomainError INVALID_INPUT when an amount can't be represented exactly, or a discount exceeds its line
 */
export const priceOrder = (request: PriceRequest): PricedOrder => {
  const { items, taxRateBps, commissionBps } = request;
  const discounts = items.map((_, index) => request.discounts[index] ?? 0);
  const nets = items.map((item, index) => netOf(item, discounts[index] ?? 0));
  const tax = percentOf(sumOf(nets), taxRateBps);
  const taxes = allocate(tax, nets);
  const lines = items.map(({ tier, ...item }, index): OrderLine => {
    const net = nets[index] ?? 0;
    const lineTax = taxes[index] ?? 0;
    return {
      lineId: item.lineId,
      productId: item.productId,
      vendorId: item.vendorId,
      title: item.title,
      tierId: tier.id,
      tierName: tier.name,
      quantity: item.quantity,
      activationLimit: times(tier.activationLimit, item.quantity),
      ...(tier.validDays === undefined ? {} : { validDays: tier.validDays }),
      unitPrice: tier.price,
      discount: discounts[index] ?? 0,
      tax: lineTax,
      taxRateBps,
      total: sumOf([net, lineTax]),
      commission: percentOf(net, commissionBps),
    };
  });
  return {
    currency: request.currency,
    lines,
    subtotal: sumOf(items.map((item) => times(item.tier.price, item.quantity))),
    discount: sumOf(discounts),
    tax,
    total: sumOf(lines.map((line) => line.total)),
  };
};
