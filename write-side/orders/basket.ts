import { domainError } from '../../domain/errors.ts';
import type { PricedItem } from '../../domain/order/pricing.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { LicenseTier } from '../../domain/product/events.ts';
import type { Product } from '../../domain/product/product.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import { lineIdOf } from '../checkout/ids.ts';
import type { Handling } from '../handling/handling.ts';
import type { OrderBody } from './order-body.ts';

type OnSale = Extract<Product, { status: 'published' }>;

/** Units of one product whose stock is limited, over all lines. */
export type StockToHold = {
  readonly productId: string;
  readonly quantity: number;
  readonly level: number;
  readonly available: number;
};

export type Basket = {
  readonly currency: string;
  readonly items: readonly PricedItem[];
  readonly stock: readonly StockToHold[];
};

/** The product as it is sold now. @throws DomainError NOT_ON_SALE; `path` names the field */
export const onSale = async (handling: Handling, productId: string, path: string): Promise<OnSale> => {
  const { state: product } = await handling.load(productDecider, productId);
  const refusal = () =>
    domainError('NOT_ON_SALE', undefined, { productId, errors: [{ path, message: 'is not on sale' }] });
  if (product.status !== 'published') throw refusal();
  const { state: vendor } = await handling.load(vendorDecider, product.vendorId);
  if (vendor.status !== 'approved') throw refusal();
  return product;
};

/** The tier of that id, or the cheapest. @throws DomainError INVALID_INPUT for an unknown one; `path` names the field */
export const chosenTier = ({ listing }: OnSale, tierId: string | undefined, path: string): LicenseTier => {
  if (tierId === undefined)
    return listing.tiers.reduce((cheapest, tier) => (tier.price < cheapest.price ? tier : cheapest));
  const tier = listing.tiers.find(({ id }) => id === tierId);
  if (tier === undefined) {
    throw domainError('INVALID_INPUT', `${path}: is not a tier of the product`, {
      errors: [{ path, message: 'is not a tier of the product' }],
    });
  }
  return tier;
};

const stockOf = (products: readonly OnSale[], items: readonly PricedItem[]): readonly StockToHold[] => {
  const limited = new Map(products.map((product) => [product.productId, product]));
  return [...limited.values()].flatMap(({ productId, listing, stockLevel }) => {
    if (listing.stock === null) return [];
    const quantity = items.reduce((sum, item) => (item.productId === productId ? sum + item.quantity : sum), 0);
    return [{ productId, quantity, level: stockLevel, available: listing.stock }];
  });
};

/**
 * What an order asks for, at the prices of the products' own streams.
 * @throws DomainError NOT_ON_SALE; INVALID_INPUT for an unknown tier; PRICE_CHANGED with `changes`; MIXED_CURRENCIES
 */
export const basketOf = async (handling: Handling, orderId: string, wanted: OrderBody['items']): Promise<Basket> => {
  const products = await Promise.all(
    wanted.map(({ productId }, index) => onSale(handling, productId, `items.${index}.productId`)),
  );
  const chosen = products.map((product, index) => {
    const item = wanted[index];
    if (item === undefined) throw new Error('a product without its item');
    return { product, item, tier: chosenTier(product, item.tierId, `items.${index}.tierId`) };
  });
  const changes = chosen.flatMap(({ product, item, tier }) => {
    const actual = { amount: tier.price, currency: product.listing.currency };
    const same = item.expectedPrice.amount === actual.amount && item.expectedPrice.currency === actual.currency;
    return same ? [] : [{ productId: product.productId, tierId: tier.id, expected: item.expectedPrice, actual }];
  });
  if (changes.length > 0) throw domainError('PRICE_CHANGED', undefined, { changes });
  const currencies = new Set(products.map(({ listing }) => listing.currency));
  const [currency] = currencies;
  if (currency === undefined || currencies.size > 1) throw domainError('MIXED_CURRENCIES');
  const items = chosen.map(
    ({ product, item, tier }, index): PricedItem => ({
      lineId: lineIdOf(orderId, index),
      productId: product.productId,
      vendorId: product.vendorId,
      title: product.listing.title,
      tier,
      quantity: item.quantity,
    }),
  );
  return { currency, items, stock: stockOf(products, items) };
};
