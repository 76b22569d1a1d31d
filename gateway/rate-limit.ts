import type { FastifyInstance } from 'fastify';
import { domainError } from '../domain/errors.ts';
import type { Counters } from '../infra/cache/port.ts';
import type { Clock } from '../infra/clock/port.ts';

const windowMs = 60_000;

/**
 * Requests a minute of one caller (API key, account, else address) on one route; a route may set `ratePerMinute`.
 * Runs after {@link enforceAccess}.
 */
export const limitRates = (
  app: FastifyInstance,
  deps: { readonly counters: Counters; readonly clock: Clock; readonly perMinute: number },
): void => {
  app.addHook('onRequest', async (request, reply) => {
    const limit = request.routeOptions.config.ratePerMinute ?? deps.perMinute;
    const caller = request.identity?.apiKey?.keyId ?? request.identity?.accountId ?? request.ip;
    const { count, resetsAt } = await deps.counters.hit(
      `${request.method} ${request.routeOptions.url ?? '404'} ${caller}`,
      windowMs,
    );
    const seconds = Math.max(1, Math.ceil((resetsAt - deps.clock.now()) / 1000));
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', Math.max(0, limit - count))
      .header('ratelimit-reset', seconds);
    if (count > limit) {
      reply.header('retry-after', seconds);
      throw domainError('RATE_LIMITED', `Wait ${seconds} s and try again.`);
    }
  });
};
