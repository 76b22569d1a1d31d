import type { OutgoingHttpHeader } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { domainError, type ErrorCode } from '../../domain/errors.ts';
import type { ReadModelClock } from '../../infra/documents/port.ts';
import type { Access, ApiTag, Contract, HonouredHeader, Identity, SentHeader } from '../../infra/http/port.ts';
import type { RememberedAnswer, RememberedAnswers } from './remembered-answers.ts';

export type QueryRouteDeps = {
  readonly readModels: ReadModelClock;
  /** The log's last position. */
  readonly head: () => Promise<bigint | undefined>;
  /** Where answers to strangers are remembered; absent: nowhere. */
  readonly answers?: RememberedAnswers;
};

export type QueryRequest<Query, Params> = {
  readonly query: Query;
  readonly params: Params;
  readonly identity: Identity | undefined;
  readonly raw: FastifyRequest;
  readonly reply: FastifyReply;
};

export type QueryRoute<Query extends z.ZodType, Params extends z.ZodType, Answer extends z.ZodType> = {
  readonly url: string;
  readonly summary: string;
  readonly tag: ApiTag;
  readonly access: Access;
  readonly query: Query;
  readonly params: Params;
  readonly answer: Answer;
  /** The projections it reads: what `X-Min-Position` waits for. */
  readonly reads: readonly string[];
  /** Media types beside JSON in which `run` may answer, by sending a stream of its own (see `formatFor`). */
  readonly formats?: readonly string[];
  /** In place of JSON; `answer` is one message then, and `run` sends a stream. */
  readonly mediaType?: string;
  /** Headers of its answers, `ETag` where it is one thing with a revision. */
  readonly sends?: readonly SentHeader[];
  /** Request headers it honours beside those of every query. */
  readonly honours?: readonly HonouredHeader[];
  /** Refusals of its own. */
  readonly refuses?: readonly ErrorCode[];
  /**
   * All who are not signed in get the same answer, which follows from the address and what `reads` names alone. A request that names
   * one of `unless` has an effect of its own, and is always run.
   */
  readonly alikeForStrangers?: { readonly unless?: readonly string[] };
  readonly run: (request: QueryRequest<z.infer<Query>, z.infer<Params>>) => Promise<z.infer<Answer> | Readable>;
};

export const noQuery = z.strictObject({});
export const noParams = z.object({});
export const idParams = z.object({ id: z.uuid() });
/** `limit` and `cursor` of every list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2_000).optional(),
});

const waitMs = 5_000;
const digits = /^\d{1,18}$/;

/** Marks the answer with the revision of the thing's main stream. */
export const withRevision = (reply: FastifyReply, revision: string): void => {
  reply.header('etag', `"${revision}"`);
};

/**
 * Waits for the position that the request's `X-Min-Position` names.
 * @throws DomainError INVALID_INPUT, UNKNOWN_POSITION, READ_MODEL_BEHIND after 5 s
 */
export const waitFor = async (
  deps: QueryRouteDeps,
  reads: readonly string[],
  request: FastifyRequest,
): Promise<void> => {
  const given = request.headers['x-min-position'];
  if (given === undefined) return;
  const message = 'is a position that a command answered';
  if (typeof given !== 'string' || !digits.test(given)) {
    throw domainError('INVALID_INPUT', `X-Min-Position: ${message}`, { errors: [{ path: 'X-Min-Position', message }] });
  }
  const position = BigInt(given);
  if (position > ((await deps.head()) ?? -1n)) throw domainError('UNKNOWN_POSITION');
  if (!(await deps.readModels.reached(reads, position, waitMs))) throw domainError('READ_MODEL_BEHIND');
};

/** What waiting for a position promises: of every query, and of what reads like one. */
export const waitingContract: Contract = {
  honours: ['X-Min-Position'],
  refuses: ['UNKNOWN_POSITION', 'READ_MODEL_BEHIND'],
};

const hasCursor = (query: z.ZodType): boolean => query instanceof z.ZodObject && 'cursor' in query.shape;

const contractOf = (route: Pick<QueryRoute<z.ZodType, z.ZodType, z.ZodType>, keyof Contract | 'formats' | 'query'>) => {
  const negotiated = route.formats !== undefined;
  return {
    honours: [...(waitingContract.honours ?? []), ...(negotiated ? ['Accept' as const] : []), ...(route.honours ?? [])],
    sends: [...(negotiated ? ['Vary' as const] : []), ...(route.sends ?? [])],
    refuses: [
      ...(waitingContract.refuses ?? []),
      ...(negotiated ? ['NOT_ACCEPTABLE' as const] : []),
      ...(hasCursor(route.query) ? ['INVALID_CURSOR' as const] : []),
      ...(route.refuses ?? []),
    ],
  } satisfies Contract;
};

const responseOf = ({
  answer,
  mediaType,
  formats,
}: Pick<QueryRoute<z.ZodType, z.ZodType, z.ZodType>, 'answer' | 'mediaType' | 'formats'>) =>
  formats === undefined && mediaType === undefined
    ? answer
    : {
        content: Object.fromEntries([
          [mediaType ?? 'application/json', { schema: answer }],
          ...(formats ?? []).map((format) => [format, { schema: z.string() }] as const),
        ]),
      };

const jsonType = 'application/json; charset=utf-8';
const cacheControl = 'private, no-cache';

const headersOf = ({ bytes, etag }: RememberedAnswer, reply: FastifyReply): OutgoingHttpHeader[] => {
  const headers: OutgoingHttpHeader[] = [
    ...['content-type', jsonType, 'cache-control', cacheControl, 'content-length', bytes.length],
    ...(etag === undefined ? [] : ['etag', etag]),
  ];
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) headers.push(name, value);
  return headers;
};

/**
 * Hooks that answer strangers from memory, as early as it is known who asks. Whoever is signed in or waits for a position is
 * answered from the read models.
 */
const remembering = (answers: RememberedAnswers, reads: readonly string[], unless: readonly string[] = []) => {
  const marks = new WeakMap<FastifyRequest, number>();
  return {
    onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const { identity, method, headers, query } = request;
      // What parsers of addresses make has no prototype, so `instanceof Object` says no.
      const own = typeof query === 'object' && query !== null && unless.some((name) => name in query);
      if (identity !== undefined || method !== 'GET' || own || headers['x-min-position'] !== undefined) {
        done();
        return;
      }
      const known = answers.find(request.url, reads);
      if (known === undefined) {
        const mark = answers.mark(request.url, reads);
        if (mark !== undefined) marks.set(request, mark);
        done();
        return;
      }
      // Past the hooks of an answer that is being made: this one went through them when it was.
      reply.hijack();
      reply.raw.writeHead(200, headersOf(known, reply)).end(known.bytes);
    },
    onSend: (
      request: FastifyRequest,
      reply: FastifyReply,
      payload: unknown,
      done: (error: Error | null, payload: unknown) => void,
    ): void => {
      const mark = marks.get(request);
      if (mark === undefined || reply.statusCode !== 200 || typeof payload !== 'string') {
        done(null, payload);
        return;
      }
      const etag = reply.getHeader('etag');
      const bytes = Buffer.from(payload);
      answers.keep(request.url, mark, { bytes, etag: etag === undefined ? undefined : String(etag) });
      done(null, bytes);
    },
  };
};

/** Registers a query: strict query parameters, `X-Min-Position`. Caches ask again: what is shown depends on who asks. */
export const queryRoute = <Query extends z.ZodType, Params extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  deps: QueryRouteDeps,
  route: QueryRoute<Query, Params, Answer>,
): void => {
  const schema: FastifySchema = {
    summary: route.summary,
    tags: [route.tag],
    querystring: route.query,
    params: route.params,
    response: { 200: responseOf(route) },
  };
  app.route({
    method: 'GET',
    url: route.url,
    config: { access: route.access, contract: contractOf(route) },
    schema,
    ...(route.alikeForStrangers && deps.answers
      ? remembering(deps.answers, route.reads, route.alikeForStrangers.unless)
      : {}),
    handler: async (request, reply) => {
      await waitFor(deps, route.reads, request);
      const query = request.query as z.infer<Query>;
      const params = request.params as z.infer<Params>;
      reply.header('cache-control', cacheControl);
      return route.run({ query, params, identity: request.identity, raw: request, reply });
    },
  });
};
