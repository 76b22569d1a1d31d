import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Decider } from '../../domain/decider.ts';
import { domainError, type ErrorCode } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Access, ApiTag, Contract, Identity } from '../../infra/http/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handled, Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';

export type CommandRouteDeps = {
  readonly handling: Handling;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyedHash: KeyedHash;
};

/** What a command handler gets of its request. */
export type CommandRequest<Body, Params> = {
  readonly body: Body;
  readonly params: Params;
  readonly identity: Identity | undefined;
  readonly context: CommandContext;
  /** Id of what this command creates: from account and key where a key came, else new. */
  readonly newId: string;
  /** RFC 3339, milliseconds. */
  readonly now: string;
  readonly ifRevision: bigint | undefined;
};

/** The stream whose revision is the answer. */
export type MainStream = {
  /** The `id` of the answer. */
  readonly id: string;

  recorded(handling: Handling, context: CommandContext): Promise<Handled<unknown> | undefined>;
};

/** Names the main stream of a command; `answerId` where the answer's id is that of a part (a refund of an order). */
export const mainStream = <C, S, E extends DomainEvent>(
  decider: Decider<C, S, E>,
  id: string,
  answerId: string = id,
): MainStream => ({
  id: answerId,
  recorded: (handling, context) => handling.recorded(decider, id, context),
});

export const commandAnswer = z.object({
  id: z.string(),
  stream: z.string(),
  revision: z.string(),
  position: z.string(),
});
type Answer = z.infer<typeof commandAnswer>;

export type CommandRoute<Body extends z.ZodType, Params extends z.ZodType> = {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly summary: string;
  readonly tag: ApiTag;
  readonly access: Access;
  readonly status: 200 | 201 | 202;
  /** Where the command may find its thing there already (its answer is past the stream's first revision): the status then. */
  readonly statusWhenKnown?: 200;
  readonly body: Body;
  readonly params: Params;
  readonly ratePerMinute?: number;
  /** The refusals of its deciders. */
  readonly refuses?: readonly ErrorCode[];
  readonly main: (request: CommandRequest<z.infer<Body>, z.infer<Params>>) => MainStream | Promise<MainStream>;
  readonly run: (request: CommandRequest<z.infer<Body>, z.infer<Params>>) => Promise<Handled<unknown>>;
};

/** For tables' “–”: no body and `{}` are the same. */
export const noBody = z.strictObject({}).nullish();
export const noParams = z.object({});
export const idParams = z.object({ id: z.uuid() });

/** What every command promises that is recorded under its Idempotency-Key, with the refusals of its own. */
export const commandContract = (refuses: readonly ErrorCode[] = []): Contract => ({
  honours: ['Idempotency-Key', 'If-Match', 'traceparent'],
  sends: ['ETag', 'X-Position', 'Idempotent-Replayed'],
  refuses: ['REVISION_MISMATCH', 'IDEMPOTENCY_KEY_REUSED', 'CONTENTION', ...refuses],
});

const visible = /^[\x21-\x7e]{1,255}$/;
const quotedRevision = /^"(\d{1,18})"$/;

const oneHeader = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const refuseHeader = (path: string, message: string) =>
  domainError('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });

/** The Idempotency-Key, checked. @throws DomainError INVALID_INPUT */
export const idempotencyKeyOf = (request: FastifyRequest): string | undefined => {
  const key = oneHeader(request, 'idempotency-key');
  if (key !== undefined && !visible.test(key)) throw refuseHeader('Idempotency-Key', 'is 1 to 255 visible characters');
  return key;
};

/** The revision that If-Match names. @throws DomainError INVALID_INPUT */
export const ifRevisionOf = (request: FastifyRequest): bigint | undefined => {
  const given = oneHeader(request, 'if-match');
  if (given === undefined || given === '*') return undefined;
  const revision = quotedRevision.exec(given)?.[1];
  if (revision === undefined) throw refuseHeader('If-Match', 'is a quoted revision, as in ETag');
  return BigInt(revision);
};

/** JSON with sorted keys: two bodies that say the same have one text. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

/**
 * The context of a command that came by HTTP. The body's hash is keyed, so that the log gives no handle to guess what
 * was in it.
 */
export const contextOf = (
  deps: Pick<CommandRouteDeps, 'random' | 'keyedHash'>,
  request: FastifyRequest,
  body: unknown,
): { readonly context: CommandContext; readonly newId: string } => {
  const key = idempotencyKeyOf(request);
  const { identity } = request;
  const commandId =
    key === undefined ? deps.random.uuid() : idFrom('idempotency', identity?.accountId ?? 'anyone', key);
  const text = `${request.method} ${request.url} ${canonical(body ?? {})}`;
  const traceparent = oneHeader(request, 'traceparent');
  return {
    newId: key === undefined ? deps.random.uuid() : idFrom(commandId, 'creates'),
    context: {
      commandId,
      correlationId: commandId,
      actorId: identity?.accountId ?? 'anyone',
      actorRole: identity?.roles.at(-1) ?? 'anyone',
      ...(key === undefined
        ? {}
        : {
            bodyHash: Buffer.from(deps.keyedHash('request', createHash('sha256').update(text).digest('hex'))).toString(
              'base64url',
            ),
          }),
      ...(traceparent !== undefined && /^[\da-f-]{55}$/.test(traceparent) ? { traceparent } : {}),
    },
  };
};

/**
 * What is only being made has no revision that could match; asked before other streams are touched for it.
 * @throws DomainError REVISION_MISMATCH
 */
export const refuseRevision = (ifRevision: bigint | undefined): void => {
  if (ifRevision !== undefined) throw domainError('REVISION_MISMATCH');
};

/** Sends the answer every command gives. */
export const sendHandled = (reply: FastifyReply, status: number, id: string, handled: Handled<unknown>): Answer => {
  const revision = handled.revision.toString();
  const position = handled.position.toString();
  reply
    .status(status)
    .header('etag', `"${revision}"`)
    .header('x-position', position)
    .header('cache-control', 'no-store');
  if (handled.replayed) reply.header('idempotent-replayed', 'true');
  return { id, stream: handled.stream, revision, position };
};

/**
 * Registers a command: strict body, Idempotency-Key (twins wait for the first, a repeat is answered from the log),
 * If-Match, and the one answer of all commands.
 */
export const commandRoute = <Body extends z.ZodType, Params extends z.ZodType>(
  app: FastifyInstance,
  deps: CommandRouteDeps,
  route: CommandRoute<Body, Params>,
): void => {
  const execute = async (
    request: CommandRequest<z.infer<Body>, z.infer<Params>>,
  ): Promise<{ id: string; handled: Handled<unknown> }> => {
    const main = await route.main(request);
    const prior =
      request.context.bodyHash === undefined ? undefined : await main.recorded(deps.handling, request.context);
    if (prior !== undefined) return { id: main.id, handled: prior };
    return { id: main.id, handled: await route.run(request) };
  };

  app.withTypeProvider<ZodTypeProvider>().route({
    method: route.method,
    url: route.url,
    config: {
      access: route.access,
      contract: commandContract(route.refuses),
      ...(route.ratePerMinute === undefined ? {} : { ratePerMinute: route.ratePerMinute }),
    },
    schema: {
      summary: route.summary,
      tags: [route.tag],
      params: route.params,
      querystring: z.strictObject({}),
      body: route.body,
      response: {
        [route.status]: commandAnswer,
        ...(route.statusWhenKnown === undefined ? {} : { [route.statusWhenKnown]: commandAnswer }),
      },
    },
    handler: async (request, reply) => {
      const body = request.body as z.infer<Body>;
      const params = request.params as z.infer<Params>;
      const { context, newId } = contextOf(deps, request, request.body);
      const now = new Date(deps.clock.now()).toISOString();
      const commandRequest = {
        body,
        params,
        identity: request.identity,
        context,
        newId,
        now,
        ifRevision: ifRevisionOf(request),
      };
      const { id, handled } = await deps.handling.inTurn(context.commandId, () => execute(commandRequest));
      const status = handled.revision > 0n ? (route.statusWhenKnown ?? route.status) : route.status;
      return sendHandled(reply, status, id, handled);
    },
  });
};
