import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { SentHeader } from '../infra/http/port.ts';
import { answerText } from './answer-text.ts';
import { sentHeaders } from './described-headers.ts';
import { promisesOf } from './promises.ts';

/**
 * For tests: as in earnest, but an answer that does not fit its schema, or has a field that the schema does not
 * name, is a fault.
 */
export const exactSerializer: typeof serializerCompiler = (route) => {
  const fitting = serializerCompiler(route);
  return (data) => {
    const sent = answerText(data);
    if (!isDeepStrictEqual(JSON.parse(fitting(data)), JSON.parse(sent)))
      throw new Error(`${route.method} ${route.url} answers fields that its schema does not name: ${sent}`);
    return sent;
  };
};

const codeIn = (payload: unknown): unknown => {
  const problem: unknown = typeof payload === 'string' ? JSON.parse(payload) : {};
  return typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined;
};

const unpromised = (reply: FastifyReply, payload: unknown): string | undefined => {
  const { routeOptions: route } = reply.request;
  const { refusals, successes, sends } = promisesOf({ ...route, url: route.url ?? '' });
  const status = reply.statusCode;
  const header = sentHeaders.find((name: SentHeader) => reply.hasHeader(name) && !sends.includes(name));
  if (header !== undefined && status < 400) return `sends ${header}`;
  if (status < 400) return successes.includes(status) ? undefined : `answers ${status}`;
  const code = codeIn(payload);
  return refusals.get(status)?.some((known) => known === code) ? undefined : `refuses with ${status} ${String(code)}`;
};

/**
 * For tests: an answer that the route's declaration, and so the API document, does not know becomes a 500 that says what it was.
 * Register before the routes.
 */
export const keepPromises = (app: FastifyInstance): void => {
  app.addHook('onSend', async ({ method, routeOptions, is404 }, reply, payload) => {
    if (is404 || routeOptions.schema === undefined || routeOptions.schema.hide === true) return;
    if (routeOptions.url?.startsWith('/docs') === true) return;
    const broken = unpromised(reply, payload);
    if (broken === undefined || reply.statusCode === 500) return;
    reply.status(500);
    throw new Error(`${method} ${routeOptions.url} ${broken}, which its declaration does not say`);
  });
};
