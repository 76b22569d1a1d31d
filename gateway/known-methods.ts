import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { domainError } from '../domain/errors.ts';

type Known = { readonly shape: RegExp; readonly methods: Set<string> };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const shapeOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split(/(:\w+)/)
      .map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)))
      .join('')}$`,
  );

/**
 * Answers what no route takes: OPTIONS of a path that there is with 204, another method that it does not have with 405, both
 * with `Allow`; all else with 404. Says nothing to other origins. Register before the routes.
 */
export const answerUnrouted = (app: FastifyInstance): void => {
  const known = new Map<string, Known>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return; // files below a folder: whether there is one, only its route knows
    const route = known.get(url) ?? { shape: shapeOf(url), methods: new Set(['OPTIONS']) };
    for (const each of [method].flat()) route.methods.add(each);
    known.set(url, route);
  });
  app.setNotFoundHandler({ preHandler: [] }, (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?');
    const methods = new Set(
      [...known.values()].flatMap(({ shape, methods }) => (shape.test(path) ? [...methods] : [])),
    );
    if (methods.size === 0 || (methods.has(request.method) && request.method !== 'OPTIONS'))
      throw domainError('NOT_FOUND');
    reply.header('allow', [...methods].sort().join(', '));
    if (request.method === 'OPTIONS') return reply.status(204).send();
    throw domainError('METHOD_NOT_ALLOWED');
  });
};
