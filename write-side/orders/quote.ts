import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { couponDecider } from '../../domain/coupon/decide.ts';
import type { PricedOrder } from '../../domain/order/pricing.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import type { Handling } from '../handling/handling.ts';
import { signedIn } from '../http/signed-in.ts';
import { moneyBody, quoteBody } from './order-body.ts';
import { orderRefusals, type PlaceOrder, priced } from './place-order.ts';
import type { OrderDeps } from './routes.ts';

type Quoted = { readonly order: PricedOrder; readonly coupon: string | undefined };

/**
 * What an order would cost now. Appends nothing and holds nothing: coupon and stock are decided as the order would, and
 * the decision is thrown away.
 * @throws DomainError as an order without payment
 */
const quote = async (handling: Handling, request: Omit<PlaceOrder, 'context' | 'attempt'>): Promise<Quoted> => {
  const { orderId, customerId, now } = request;
  const { basket, code, order } = await priced(handling, request);
  if (code !== undefined) {
    const { state } = await handling.load(couponDecider, code);
    couponDecider.decide({ type: 'ReserveCoupon', code, orderId, customerId, now, until: now }, state);
  }
  for (const { productId, quantity, level, available } of basket.stock) {
    const { state } = await handling.load(stockDecider, productId);
    stockDecider.decide({ type: 'ReserveStock', productId, orderId, quantity, level, available, until: now }, state);
  }
  return { order, coupon: code };
};

const quoteAnswer = z.object({
  lines: z.array(
    z.object({
      productId: z.string(),
      title: z.string(),
      tierId: z.string(),
      tierName: z.string(),
      quantity: z.number().int(),
      unitPrice: moneyBody,
      discount: moneyBody,
      tax: moneyBody,
      total: moneyBody,
      vendorId: z.string(),
    }),
  ),
  subtotal: moneyBody,
  discount: moneyBody,
  tax: moneyBody,
  total: moneyBody,
  currency: z.string(),
  coupon: z.string().optional(),
});

const answerOf = ({ order, coupon }: Quoted): z.infer<typeof quoteAnswer> => {
  const { currency } = order;
  const money = (amount: number) => ({ amount, currency });
  return {
    lines: order.lines.map((line) => ({
      productId: line.productId,
      title: line.title,
      tierId: line.tierId,
      tierName: line.tierName,
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
    currency,
    ...(coupon === undefined ? {} : { coupon }),
  };
};

/** `POST /orders/quote`: no command, so it answers the amounts. */
export const quoteRoute = (app: FastifyInstance, deps: OrderDeps): void => {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/orders/quote',
    {
      config: { access: 'signedIn', contract: { refuses: orderRefusals } },
      schema: {
        summary: 'What an order would cost; nothing is ordered or held',
        tags: ['Orders'],
        querystring: z.strictObject({}),
        body: quoteBody,
        response: { 200: quoteAnswer },
      },
    },
    async ({ body, identity }, reply) => {
      reply.header('cache-control', 'no-store');
      const quoted = await quote(deps.handling, {
        orderId: deps.random.uuid(),
        customerId: signedIn(identity).accountId,
        now: new Date(deps.clock.now()).toISOString(),
        commissionBps: deps.commissionBps,
        body,
      });
      return answerOf(quoted);
    },
  );
};
