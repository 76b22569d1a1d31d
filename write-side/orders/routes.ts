import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { RefundRequest } from '../../domain/order/refund.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';
import {
  type CommandRouteDeps,
  commandRoute,
  idParams,
  mainStream,
  noBody,
  noParams,
  refuseRevision,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { orderBody, type RefundBody, refundBody } from './order-body.ts';
import { orderRefusals, placeOrder } from './place-order.ts';
import { ownLines, ownOrder, placedOrder } from './whose-order.ts';

export type OrderDeps = CommandRouteDeps & { readonly commissionBps: number };

const amountOf = (amount: RefundBody['amount'], currency: string): number | undefined => {
  if (typeof amount !== 'object') return amount;
  if (amount.currency === currency) return amount.amount;
  throw domainError('INVALID_INPUT', undefined, {
    errors: [{ path: 'amount.currency', message: `the order is in ${currency}` }],
  });
};

/** What the caller may refund of what was asked: an administrator anything, a vendor its own lines. */
const allowedRefund = async (
  handling: Handling,
  orderId: string,
  body: RefundBody,
  identity: Identity,
): Promise<RefundRequest> => {
  const order = await placedOrder(handling, orderId);
  const request: RefundRequest = { lines: body.lines, amount: amountOf(body.amount, order.currency) };
  if (identity.roles.includes('admin')) return request;
  const own = await ownLines(handling, order, identity);
  if (own.size === 0) throw domainError('NOT_FOUND');
  if (own.size === order.lines.length) return request;
  if (request.amount !== undefined) {
    throw domainError('INVALID_INPUT', undefined, {
      errors: [{ path: 'amount', message: 'the order has lines of other vendors: name your lines' }],
    });
  }
  if (request.lines === undefined) return { lines: [...own].map((lineId) => ({ lineId })) };
  const foreign = request.lines.findIndex(({ lineId }) => !own.has(lineId));
  if (foreign >= 0)
    throw domainError('INVALID_INPUT', undefined, {
      errors: [{ path: `lines.${foreign}.lineId`, message: 'is not a line of yours' }],
    });
  return request;
};

/** Commands of a buyer on orders, and refunds. */
export const orderRoutes = (app: FastifyInstance, deps: OrderDeps): void => {
  const { handling } = deps;
  const tag = 'Orders';

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders',
    summary: 'Place an order',
    tag,
    access: 'signedIn',
    status: 202,
    body: orderBody,
    params: noParams,
    refuses: [...orderRefusals, 'PAYMENT_METHOD_REQUIRED', 'CHECKOUT_EXPIRED', 'ACCOUNT_ERASED'],
    main: ({ newId }) => mainStream(orderDecider, newId),
    run: async ({ newId, identity, body, context, now, ifRevision }) => {
      refuseRevision(ifRevision);
      return placeOrder(handling, {
        orderId: newId,
        customerId: signedIn(identity).accountId,
        commissionBps: deps.commissionBps,
        attempt: deps.random.uuid(),
        ...{ body, context, now },
      });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/confirm',
    summary: 'The client step of the payment is done: ask the provider',
    tag,
    access: 'signedIn',
    status: 202,
    body: noBody,
    params: idParams,
    refuses: ['ORDER_STATE'],
    main: ({ params }) => mainStream(orderDecider, params.id),
    run: async ({ params, identity, context, ifRevision }) => {
      await ownOrder(handling, params.id, signedIn(identity));
      return handling.handle(orderDecider, params.id, { type: 'ReportConfirmation' }, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/cancel',
    summary: 'Cancel an order before it is paid',
    tag,
    access: 'signedIn',
    status: 200,
    body: noBody,
    params: idParams,
    refuses: ['ORDER_PAID', 'ORDER_STATE'],
    main: ({ params }) => mainStream(orderDecider, params.id),
    run: async ({ params, identity, context, ifRevision }) => {
      await ownOrder(handling, params.id, signedIn(identity));
      return handling.handle(orderDecider, params.id, { type: 'CancelOrder', reason: 'cancelled_by_buyer' }, context, {
        ifRevision,
      });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/refunds',
    summary: 'Refund lines, an amount, or all that is left',
    tag,
    access: { roles: ['admin', 'vendor'] },
    status: 202,
    body: refundBody,
    params: idParams,
    refuses: ['ORDER_STATE', 'ORDER_DISPUTED', 'REFUND_EXCEEDS'],
    main: ({ params, newId }) => mainStream(orderDecider, params.id, newId),
    run: async ({ params, newId, body, identity, context, ifRevision }) => {
      const caller = signedIn(identity);
      const request = await allowedRefund(handling, params.id, body, caller);
      const command = {
        type: 'RequestRefund',
        refundId: newId,
        request,
        reason: body.reason,
        requestedBy: caller.accountId,
        compensation: false,
      } as const;
      return handling.handle(orderDecider, params.id, command, context, { ifRevision });
    },
  });
};
