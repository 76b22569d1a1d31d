import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { domainError } from '../domain/errors.ts';
import type { Metrics } from '../infra/metrics/port.ts';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** From this machine, not through a proxy. */
const isInside = (request: FastifyRequest): boolean =>
  loopback.test(request.socket.remoteAddress ?? '') &&
  request.headers['x-forwarded-for'] === undefined &&
  request.headers.forwarded === undefined;

/** Counts every answer. Register before the routes. */
export const countAnswers = (app: FastifyInstance, metrics: Pick<Metrics, 'answered'>): void => {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered({
      method: request.method,
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
};

/** `/metrics`, for Prometheus on the inside: to others it is not there. */
export const metricsRoute = (app: FastifyInstance, metrics: Pick<Metrics, 'exposition'>): void => {
  app.get(
    '/metrics',
    {
      config: { access: 'anyone', contract: { refuses: ['NOT_FOUND'] } },
      schema: {
        summary: 'Metrics in the Prometheus text format; only from this machine, 404 otherwise',
        tags: ['Health'],
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      if (!isInside(request)) throw domainError('NOT_FOUND');
      const { contentType, text } = await metrics.exposition();
      return reply
        .header('content-type', contentType)
        .header('cache-control', 'no-store')
        .serializer(String)
        .send(text);
    },
  );
};
