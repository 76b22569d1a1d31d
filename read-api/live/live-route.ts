import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { noParams, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { accountOf } from '../who-owns.ts';
import { liveStream } from './event-stream.ts';
import { topicsOf } from './topics.ts';

export type LiveDeps = QueryRouteDeps & {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly documents: Documents;
  readonly clock: Clock;
  /** Calls `ended` when the session lives no more; returns what stops watching. */
  readonly watchSession: (sessionId: string, ended: () => void) => () => void;
};

const mostConnections = 10;
const message = 'is the id of the last event received';

/** The position after which to begin: where the client was, else the end of the log. @throws DomainError */
const placeOf = (head: bigint | undefined, given: string | string[] | undefined): bigint | undefined => {
  if (given === undefined || given === '') return head;
  if (typeof given !== 'string' || !/^\d{1,18}$/.test(given))
    throw domainError('INVALID_INPUT', `Last-Event-ID: ${message}`, { errors: [{ path: 'Last-Event-ID', message }] });
  if (BigInt(given) > (head ?? -1n)) throw domainError('UNKNOWN_POSITION');
  return BigInt(given);
};

/** Server-sent events. They end with the service, so that a shutdown need not wait for readers. */
export const liveRoute = (app: FastifyInstance, deps: LiveDeps): void => {
  const models = readModels(deps.documents);
  const closing = new AbortController();
  const open = new Map<string, number>();
  const running = new Set<Promise<void>>();
  app.addHook('preClose', async () => {
    closing.abort();
    await Promise.all(running);
  });

  queryRoute(app, deps, {
    url: '/live',
    summary: 'What changes, as it happens: topics order:{id}, notifications, payouts:{vendorId}, projections, sagas',
    tag: 'Live',
    access: 'signedIn',
    query: z.strictObject({ topics: z.string().min(1).max(2_000) }),
    params: noParams,
    answer: z
      .object({ topic: z.string(), type: z.string(), position: z.string(), id: z.string() })
      .describe('The data of one message; the event’s `id:` is the position'),
    mediaType: 'text/event-stream',
    honours: ['Last-Event-ID'],
    refuses: ['NOT_FOUND', 'FORBIDDEN'],
    reads: [],
    run: async ({ query, identity, raw, reply }) => {
      const accountId = accountOf(identity);
      if (identity === undefined) throw domainError('UNAUTHENTICATED');
      // Before the rights are looked at: an event that comes meanwhile is not missed.
      const head = await deps.head();
      const topics = await topicsOf({ ...deps, models }, identity, query.topics);
      const after = placeOf(head, raw.headers['last-event-id']);
      if (raw.method === 'HEAD') return Readable.from([]);
      if (closing.signal.aborted) throw domainError('UNAVAILABLE');
      const present = open.get(accountId) ?? 0;
      if (present >= mostConnections) {
        reply.header('retry-after', '10');
        throw domainError('RATE_LIMITED', `At most ${mostConnections} connections an account.`);
      }
      open.set(accountId, present + 1);
      const signedOut = new AbortController();
      const signal = AbortSignal.any([closing.signal, signedOut.signal]);
      const { body, ended } = liveStream(deps, { topics, accountId, after, checkedAt: head, signal });
      // A key ends by an event of its account, which ends the stream too.
      const unwatch =
        identity.apiKey === undefined
          ? deps.watchSession(identity.sessionId, () => signedOut.abort())
          : () => undefined;
      const done: Promise<void> = ended.finally(() => {
        unwatch();
        running.delete(done);
        const left = (open.get(accountId) ?? 1) - 1;
        if (left === 0) open.delete(accountId);
        else open.set(accountId, left);
      });
      running.add(done);
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no');
      return body;
    },
  });
};
