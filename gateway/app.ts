import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Counters } from '../infra/cache/port.ts';
import type { Clock } from '../infra/clock/port.ts';
import type { Metrics } from '../infra/metrics/port.ts';
import type { Random } from '../infra/random/port.ts';
import { type Authenticate, enforceAccess, type OtherCredentials } from './access.ts';
import { answerText } from './answer-text.ts';
import { refuseBrokenRequest } from './broken-request.ts';
import { acceptJsonBodies } from './json-body.ts';
import { exactSerializer, keepPromises } from './keep-promises.ts';
import { answerUnrouted } from './known-methods.ts';
import { countAnswers, metricsRoute } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { limitRates } from './rate-limit.ts';
import { requestIds } from './request-ids.ts';
import { withRequestLogs } from './request-log.ts';
import { strictAddresses } from './strict-address.ts';

export type GatewayOptions = OtherCredentials & {
  /** The services behind the door; each registers its own routes below the base path. */
  readonly services: readonly FastifyPluginAsync[];
  readonly authenticate: Authenticate;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: FastifyBaseLogger;
  /** Where answers are counted, and `/metrics` shows them. */
  readonly metrics?: Metrics;
  /** Requests a minute of one caller on one route; undefined: no limit. */
  readonly ratePerMinute: number | undefined;
  /** Bytes of a JSON body, default 1 MiB. Uploads have their own limit. */
  readonly bodyLimit?: number;
  /** Check answers against the schemas of the routes (tests): a mismatch is a 500. Otherwise they are only serialised. */
  readonly checkAnswers?: boolean;
};

const requestId = /^[\x21-\x7e]{1,128}$/;

/** The one public door: ids, access, limits, strict bodies, problem documents, OpenAPI. Ready to listen or to inject. */
export const buildGateway = async (options: GatewayOptions): Promise<FastifyInstance> => {
  const nextId = requestIds(options.random);
  const app = Fastify({
    loggerInstance: withRequestLogs(options.log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? 1_048_576,
    routerOptions: { maxParamLength: 2_048 },
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    genReqId: (raw) => {
      const given = raw.headers['x-request-id'];
      return typeof given === 'string' && requestId.test(given) ? given : nextId();
    },
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseBrokenRequest(nextId),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(options.checkAnswers === true ? exactSerializer : () => answerText);
  app.setErrorHandler(sendProblem);
  answerUnrouted(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('x-frame-options', 'DENY');
    done();
  });
  if (options.checkAnswers === true) keepPromises(app);
  if (options.metrics !== undefined) countAnswers(app, options.metrics);
  acceptJsonBodies(app);
  strictAddresses(app);
  enforceAccess(app, options.authenticate, options);
  if (options.ratePerMinute !== undefined) {
    limitRates(app, { counters: options.counters, clock: options.clock, perMinute: options.ratePerMinute });
  }
  await describeApi(app);
  for (const service of options.services) await app.register(service);
  if (options.metrics !== undefined) metricsRoute(app, options.metrics);
  await app.ready();
  return app;
};
