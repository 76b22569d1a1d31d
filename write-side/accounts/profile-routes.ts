import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import {
  type CommandRouteDeps,
  commandAnswer,
  commandRoute,
  contextOf,
  idParams,
  mainStream,
  noParams,
  sendHandled,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import type { AccountMails } from './account-mails.ts';
import { changeProfile } from './profile.ts';
import type { Sessions } from './sessions.ts';

type Deps = CommandRouteDeps & { readonly sessions: Sessions; readonly mails: AccountMails };

const tags = ['Accounts'];
const noQuery = z.strictObject({});
const timeText = (ms: number): string => new Date(ms).toISOString();

/** An address that people type. */
export const emailBody = z.string().trim().max(254).pipe(z.email());
export const displayNameBody = z.string().trim().min(1).max(80);
export const tokenBody = z.string().min(1).max(200);

const profileBody = z
  .strictObject({ displayName: displayNameBody.optional(), email: emailBody.optional() })
  .refine((body) => body.displayName !== undefined || body.email !== undefined, 'names nothing to change');

const sessionAnswer = z.object({
  id: z.uuid(),
  /** The one that asks. */
  current: z.boolean(),
  openedAt: z.string(),
  refreshedAt: z.string(),
  expiresAt: z.string(),
});

/** One's own profile and sessions, and the confirmation of the address. Paths are below the base path. */
export const profileRoutes = (app: FastifyInstance, deps: Deps): void => {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  commandRoute(app, deps, {
    method: 'PATCH',
    url: '/me',
    summary: 'Change one’s name or address; a new address has to be confirmed again',
    tag: 'Accounts',
    access: 'signedIn',
    ratePerMinute: 20,
    status: 200,
    body: profileBody,
    params: noParams,
    refuses: ['EMAIL_TAKEN', 'ACCOUNT_ERASED'],
    main: ({ identity }) => mainStream(accountDecider, signedIn(identity).accountId),
    run: ({ identity, body, context, ifRevision }) =>
      changeProfile(deps, signedIn(identity).accountId, body, context, ifRevision === undefined ? {} : { ifRevision }),
  });

  typed.post(
    '/auth/email/verify',
    {
      config: {
        ...{ access: 'anyone', ratePerMinute: 30 },
        contract: {
          sends: ['ETag', 'X-Position'],
          refuses: ['INVALID_TOKEN', 'LINK_EXPIRED', 'ACCOUNT_ERASED', 'NOT_FOUND', 'CONTENTION'],
        },
      },
      schema: {
        summary: 'Confirm an e-mail address with the token that was mailed to it',
        tags,
        querystring: noQuery,
        body: z.strictObject({ token: tokenBody }),
        response: { 200: commandAnswer },
      },
    },
    async (request, reply) => {
      const holder = await deps.mails.verifications.use(request.body.token);
      if (holder === undefined) throw domainError('INVALID_TOKEN');
      const { accountId, emailHash } = holder;
      const { context } = contextOf(deps, request, undefined);
      const handled = await deps.handling.handle(
        accountDecider,
        accountId,
        { type: 'VerifyEmail', emailHash },
        { ...context, actorId: accountId, actorRole: 'customer' },
      );
      return sendHandled(reply, 200, accountId, handled);
    },
  );

  typed.get(
    '/me/sessions',
    {
      config: { access: 'signedIn', sessionOnly: true },
      schema: {
        summary: 'One’s sessions, the oldest first',
        tags,
        querystring: noQuery,
        response: { 200: z.object({ items: z.array(sessionAnswer), nextCursor: z.null() }) },
      },
    },
    async ({ identity }, reply) => {
      const { accountId, sessionId } = signedIn(identity);
      reply.header('cache-control', 'no-store');
      const items = (await deps.sessions.list(accountId)).map(({ id, openedAt, refreshedAt, expiresAt }) => ({
        ...{ id, current: id === sessionId },
        openedAt: timeText(openedAt),
        refreshedAt: timeText(refreshedAt),
        expiresAt: timeText(expiresAt),
      }));
      return { items, nextCursor: null };
    },
  );

  typed.delete(
    '/me/sessions/:id',
    {
      config: { access: 'signedIn', sessionOnly: true },
      schema: {
        summary: 'End one of one’s sessions at once',
        tags,
        querystring: noQuery,
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async ({ identity, params }, reply) => {
      const own = await deps.sessions.list(signedIn(identity).accountId);
      if (!own.some(({ id }) => id === params.id)) throw domainError('NOT_FOUND');
      await deps.sessions.end(params.id);
      return reply.status(204).header('cache-control', 'no-store').send(null);
    },
  );
};
