import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { orderDecider } from '../../domain/order/decider.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { evidenceBody, refundRequestBody, requestReason } from './order-body.ts';
import { answerableOrder, ownLines, ownOrder } from './whose-order.ts';

const tag = 'Orders';
const answering = { roles: ['admin', 'vendor'] };

/** What a buyer claims of an order after it was paid, and what is said against it. */
export const claimRoutes = (app: FastifyInstance, deps: CommandRouteDeps): void => {
  const { handling } = deps;

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/refund-requests',
    summary: 'Ask for the money back; each vendor answers for its lines, with a refund or a refusal',
    tag,
    access: 'signedIn',
    status: 201,
    body: refundRequestBody,
    params: idParams,
    refuses: ['ORDER_STATE', 'ORDER_DISPUTED', 'REFUND_EXCEEDS', 'REFUND_REQUEST_STATE'],
    main: ({ params, newId }) => mainStream(orderDecider, params.id, newId),
    run: async ({ params, newId, body, identity, context, ifRevision }) => {
      await ownOrder(handling, params.id, signedIn(identity));
      const lineIds = body.lines?.map(({ lineId }) => lineId);
      const command = { type: 'AskForRefund', requestId: newId, reason: body.reason, lineIds } as const;
      return handling.handle(orderDecider, params.id, command, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/refund-requests/:requestId/refuse',
    summary: 'Refuse what the buyer asked for, a vendor for its own lines; a refund is the other answer',
    tag,
    access: answering,
    status: 200,
    body: requestReason,
    params: idParams.extend({ requestId: z.uuid() }),
    refuses: ['REFUND_REQUEST_STATE'],
    main: ({ params }) => mainStream(orderDecider, params.id, params.requestId),
    run: async ({ params, body, identity, context, ifRevision }) => {
      const caller = signedIn(identity);
      const order = await answerableOrder(handling, params.id, caller);
      const { requestId } = params;
      const lineIds = caller.roles.includes('admin') ? undefined : [...(await ownLines(handling, order, caller))];
      const refusal = { reason: body.reason, refusedBy: caller.accountId, lineIds };
      const command = { type: 'RefuseRefundRequest', requestId, ...refusal } as const;
      return handling.handle(orderDecider, params.id, command, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/orders/:id/dispute/evidence',
    summary: 'Give the provider evidence against the open dispute of an order',
    tag,
    access: answering,
    status: 202,
    body: evidenceBody,
    params: idParams,
    refuses: ['ORDER_STATE'],
    main: ({ params, newId }) => mainStream(orderDecider, params.id, newId),
    run: async ({ params, newId, body, identity, context, ifRevision }) => {
      const caller = signedIn(identity);
      await answerableOrder(handling, params.id, caller);
      const evidence = { evidenceId: newId, submittedBy: caller.accountId, text: body.text };
      const command = { type: 'SubmitEvidence', ...evidence } as const;
      return handling.handle(orderDecider, params.id, command, context, { ifRevision });
    },
  });
};
