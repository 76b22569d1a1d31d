import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DomainError, domainError } from '../../domain/errors.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { InvalidWebhook, type PaymentProvider, type ProviderNotice } from '../../infra/payments/port.ts';
import { chargeFact, refundFact } from '../checkout/steps-at-provider.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { payoutFact } from '../payouts/payout-reactor.ts';

type Deps = { readonly handling: Handling; readonly provider: PaymentProvider };

/** The provider's message id makes the command's: the same message again is the same command. */
const contextOf = ({ eventId }: ProviderNotice): CommandContext => {
  const commandId = idFrom('provider', eventId);
  return { commandId, correlationId: commandId, actorId: 'provider', actorRole: 'provider' };
};

const record = async ({ handling }: Deps, notice: ProviderNotice): Promise<void> => {
  const context = contextOf(notice);
  switch (notice.type) {
    case 'charge': {
      const command = { type: 'RecordCharge', fact: chargeFact(notice.state) } as const;
      await handling.handle(paymentDecider, notice.paymentId, command, context);
      return;
    }
    case 'refund': {
      const command = { type: 'RecordRefund', refundId: notice.refundId, fact: refundFact(notice.state) } as const;
      await handling.handle(paymentDecider, notice.paymentId, command, context);
      return;
    }
    case 'dispute': {
      const { disputeId, status, amount, reason } = notice;
      await handling.handle(
        paymentDecider,
        notice.paymentId,
        { type: 'RecordDispute', disputeId, status, amount, reason },
        context,
      );
      return;
    }
    case 'payout': {
      const { payoutId } = notice;
      const command = { type: 'RecordPayoutState', payoutId, state: payoutFact(notice.state) } as const;
      await handling.handle(vendorPayoutDecider, payoutId, command, context);
      return;
    }
    case 'other':
      return;
    default:
      return unreachable(notice);
  }
};

/**
 * `POST /webhooks/payments`: the raw body is verified before it is read. 200 once every notice in it is recorded; a notice
 * about something we never asked for is acknowledged and logged (asking again would not make it ours); anything else
 * that fails is answered with an error, so that the provider sends it again.
 */
export const paymentWebhooks = (app: FastifyInstance, deps: Deps): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    scope.post(
      '/webhooks/payments',
      {
        config: {
          ...{ access: 'anyone', ratePerMinute: 6_000 },
          contract: { refuses: ['INVALID_SIGNATURE', 'CONTENTION'] },
        },
        schema: {
          summary: "The payment provider's notices, in its own format and with its own signature",
          tags: ['Webhooks'],
          consumes: ['*/*'],
          body: z.unknown(),
          response: { 200: z.object({ received: z.literal(true) }) },
        },
      },
      async (request, reply) => {
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(',') : value,
          ]),
        );
        let notices: readonly ProviderNotice[];
        try {
          notices = deps.provider.readWebhook(raw, headers);
        } catch (error) {
          if (error instanceof InvalidWebhook) throw domainError('INVALID_SIGNATURE', error.message);
          throw error;
        }
        for (const notice of notices) {
          try {
            await record(deps, notice);
          } catch (error) {
            if (!(error instanceof DomainError) || error.status >= 500) throw error;
            request.log.warn(
              { code: error.code, eventId: notice.eventId, type: notice.type },
              'provider notice is not about us',
            );
          }
        }
        return reply.send({ received: true });
      },
    );
  });
};
