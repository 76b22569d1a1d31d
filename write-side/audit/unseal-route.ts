import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eventCatalogue } from '../../domain/catalogue.ts';
import { domainError } from '../../domain/errors.ts';
import type { EventTable, Json } from '../../domain/event/definition.ts';
import { unsealDecider } from '../../domain/unseal/unseal.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import { categoryOf, type EventStore } from '../../infra/event-store/port.ts';
import {
  type CommandRouteDeps,
  commandAnswer,
  commandContract,
  contextOf,
  ifRevisionOf,
  sendHandled,
} from '../http/command-route.ts';

export type UnsealDeps = CommandRouteDeps & { readonly store: EventStore; readonly codec: EventCodec };

const tables: Readonly<Record<string, EventTable>> = eventCatalogue;

const fieldAt = (data: Json, path: string): Json | undefined => {
  let value: Json | undefined = data;
  for (const name of path.split('.'))
    value =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
        ? Object.entries(value).find(([key]) => key === name)?.[1]
        : undefined;
  return value;
};

/** The value of a personal field of an event, `[erased]` where it is. @throws DomainError NOT_FOUND, INVALID_INPUT */
const sealedValue = async (
  { store, codec }: UnsealDeps,
  stream: string,
  revision: bigint,
  path: string,
): Promise<string> => {
  for await (const page of store.readStream(stream, { from: revision, limit: 1 })) {
    const [decoded] = await codec.decode(page);
    if (decoded === undefined || decoded.stored.revision !== revision) break;
    if (!decoded.ok) throw domainError('NOT_FOUND', `The event can't be read: ${decoded.reason}`);
    const { event } = decoded;
    const fields = tables[categoryOf(stream)]?.[event.type]?.personal?.fields ?? [];
    const value = fields.includes(path) ? fieldAt(event.data, path) : undefined;
    if (typeof value === 'string') return value;
    const message = `is no sealed field of this event (${event.type})`;
    throw domainError('INVALID_INPUT', `path: ${message}`, { errors: [{ path: 'path', message }] });
  }
  throw domainError('NOT_FOUND');
};

/** The look of an auditor at one sealed field, recorded before it is answered. */
export const unsealRoute = (app: FastifyInstance, deps: UnsealDeps): void => {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/audit/unseal',
    config: { access: { roles: ['auditor'] }, contract: commandContract(['NOT_FOUND']) },
    schema: {
      summary: 'The value of a sealed field of an event; that it was looked at, by whom and why, is recorded first',
      tags: ['Auditors'],
      querystring: z.strictObject({}),
      body: z.strictObject({
        stream: z.string().min(1).max(500),
        revision: z.string().regex(/^\d{1,18}$/, 'is a revision'),
        path: z.string().min(1).max(200),
        reason: z.string().trim().min(1).max(500),
      }),
      response: { 200: commandAnswer.extend({ value: z.string() }) },
    },
    handler: async (request, reply) => {
      const { identity, body } = request;
      if (identity === undefined) throw domainError('UNAUTHENTICATED');
      const { context, newId: lookId } = contextOf(deps, request, body);
      const revision = BigInt(body.revision);
      const value = await sealedValue(deps, body.stream, revision, body.path);
      const command = {
        ...body,
        type: 'OpenSeal',
        lookId,
        auditorId: identity.accountId,
        revision: revision.toString(),
      } as const;
      const ifRevision = ifRevisionOf(request);
      const handled = await deps.handling.handle(unsealDecider, lookId, command, context, { ifRevision });
      return { ...sendHandled(reply, 200, lookId, handled), value };
    },
  });
};
