import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CartItem } from '../../domain/cart/events.ts';
import { sumOf, times } from '../../domain/money/money.ts';
import type { Documents } from '../../infra/documents/port.ts';
import { carts } from '../../projections/carts/carts.ts';
import { type ProductDocument, products } from '../../projections/products/products.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer } from '../answers.ts';
import { noParams, noQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { accountOf } from '../who-owns.ts';

const cartAnswer = z.object({
  items: z.array(
    z.object({
      productId: z.string(),
      slug: z.string(),
      title: z.string(),
      vendorId: z.string(),
      tierId: z.string(),
      tierName: z.string().optional(),
      quantity: z.number().int(),
      /** Can be ordered now. */
      onSale: z.boolean(),
      /** Today's list price of one unit, and of the line; absent where it is not on sale. */
      unitPrice: moneyAnswer.optional(),
      total: moneyAnswer.optional(),
    }),
  ),
  /** List prices of what is on sale, a sum for each currency; discount and tax are the quote's. */
  subtotals: z.array(moneyAnswer),
});
type CartAnswer = z.infer<typeof cartAnswer>;

const lineOf = (
  { productId, tierId, quantity }: CartItem,
  product: ProductDocument,
  vendor: VendorDocument | undefined,
): CartAnswer['items'][number] => {
  const tier = product.tiers.find(({ id }) => id === tierId);
  const { slug, title, vendorId, currency } = product;
  const line = { productId, slug, title, vendorId, tierId, quantity };
  if (tier === undefined) return { ...line, onSale: false };
  const onSale = product.state === 'published' && vendor?.state === 'approved';
  if (!onSale) return { ...line, tierName: tier.name, onSale };
  const unitPrice = { amount: tier.price, currency };
  return { ...line, tierName: tier.name, onSale, unitPrice, total: { amount: times(tier.price, quantity), currency } };
};

const subtotalsOf = (items: CartAnswer['items']): CartAnswer['subtotals'] => {
  const totals = items.flatMap(({ total }) => (total === undefined ? [] : [total]));
  return [...Map.groupBy(totals, ({ currency }) => currency)]
    .map(([currency, same]) => ({ amount: sumOf(same.map(({ amount }) => amount)), currency }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
};

/** One's own cart at today's prices. */
export const cartRoute = (app: FastifyInstance, deps: QueryRouteDeps & { readonly documents: Documents }): void => {
  const models = readModels(deps.documents);
  queryRoute(app, deps, {
    url: '/cart',
    summary: 'Own cart at the prices of now; what is no longer on sale is marked',
    tag: 'Cart',
    access: 'signedIn',
    query: noQuery,
    params: noParams,
    sends: ['ETag'],
    answer: cartAnswer,
    reads: [carts.name, products.name, vendors.name],
    run: async ({ identity, reply }) => {
      const cart = await models.get(carts, accountOf(identity));
      if (cart === undefined) return { items: [], subtotals: [] };
      withRevision(reply, cart.revision);
      const sold = await models.getMany(
        products,
        cart.items.map(({ productId }) => productId),
      );
      const sellers = await models.getMany(
        vendors,
        [...sold.values()].map(({ vendorId }) => vendorId),
      );
      const items = cart.items.flatMap((item) => {
        const product = sold.get(item.productId);
        return product === undefined ? [] : [lineOf(item, product, sellers.get(product.vendorId))];
      });
      return { items, subtotals: subtotalsOf(items) };
    },
  });
};
