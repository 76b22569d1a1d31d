import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { DomainError, domainError } from '../../domain/errors.ts';
import type { CommandContext } from '../handling/context.ts';
import { type CommandRouteDeps, contextOf } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { accountOf } from './account-by-email.ts';
import type { AccountMails } from './account-mails.ts';
import type { Credentials } from './credentials.ts';
import { tokenBody } from './profile-routes.ts';
import type { Sessions } from './sessions.ts';

type Deps = CommandRouteDeps & {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly mails: AccountMails;
};

const tags = ['Accounts'];
const noQuery = z.strictObject({});
/** Tokens that one account has on their way at a time: more asking sends no more mails. */
const livingResets = 3;

export const passwordBody = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(200, 'must have at most 200 characters');

/**
 * Forgotten, reset and changed passwords: no commands, since nothing about a password is an event, so no Idempotency-Key.
 * Paths are below the base path.
 */
export const passwordRoutes = (app: FastifyInstance, deps: Deps): void => {
  const { handling, credentials, sessions, mails } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();

  const mailReset = async (email: string, context: CommandContext): Promise<void> => {
    const account = await accountOf(deps, email);
    if (account === undefined || (await mails.resets.living(account.accountId)) >= livingResets) return;
    await mails.sendReset(account, context);
  };

  typed.post(
    '/auth/password/forgot',
    {
      config: { access: 'anyone', ratePerMinute: 10 },
      schema: {
        summary: 'Ask for a mail with which a new password can be set; the answer says nothing about the address',
        tags,
        querystring: noQuery,
        body: z.strictObject({ email: z.string().max(1_000) }),
        response: { 202: z.strictObject({}) },
      },
    },
    async (request, reply) => {
      const { context } = contextOf(deps, request, undefined);
      // Not waited for: how long the answer takes would say whether the address has an account. Whoever gets no mail asks again.
      mailReset(request.body.email, context).catch((error: unknown) =>
        request.log.error({ err: error }, 'a mail for a new password was not sent'),
      );
      return reply.status(202).header('cache-control', 'no-store').send({});
    },
  );

  typed.post(
    '/auth/password/reset',
    {
      config: { access: 'anyone', ratePerMinute: 10, contract: { refuses: ['INVALID_TOKEN', 'CONTENTION'] } },
      schema: {
        summary: 'Set a new password with the token that was mailed; ends all sessions',
        tags,
        querystring: noQuery,
        body: z.strictObject({ token: tokenBody, password: passwordBody }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      const holder = await mails.resets.use(token);
      const { state } = holder === undefined ? {} : await handling.load(accountDecider, holder.accountId);
      if (holder === undefined || state?.status !== 'registered' || state.emailHash !== holder.emailHash)
        throw domainError('INVALID_TOKEN');
      const { accountId, emailHash } = holder;
      await credentials.setPassword(accountId, password);
      await sessions.endAll(accountId);
      await mails.resets.removeAll(accountId);
      // Whoever has the token reads the mails of the address.
      const context = { ...contextOf(deps, request, undefined).context, actorId: accountId, actorRole: 'customer' };
      await handling.handle(accountDecider, accountId, { type: 'VerifyEmail', emailHash }, context).catch(unlessMoved);
      return reply.status(204).header('cache-control', 'no-store').send(null);
    },
  );

  typed.put(
    '/me/password',
    {
      config: {
        ...{ access: 'signedIn', ratePerMinute: 10, sessionOnly: true },
        contract: { refuses: ['INVALID_CREDENTIALS'] },
      },
      schema: {
        summary: 'Change one’s password; ends the other sessions',
        tags,
        querystring: noQuery,
        body: z.strictObject({ oldPassword: z.string().max(1_000), newPassword: passwordBody }),
        response: { 204: z.null() },
      },
    },
    async ({ identity, body }, reply) => {
      const { accountId, sessionId } = signedIn(identity);
      if (!(await credentials.verifyPassword(accountId, body.oldPassword))) throw domainError('INVALID_CREDENTIALS');
      await credentials.setPassword(accountId, body.newPassword);
      for (const { id } of await sessions.list(accountId)) if (id !== sessionId) await sessions.end(id);
      await mails.resets.removeAll(accountId);
      return reply.status(204).header('cache-control', 'no-store').send(null);
    },
  );
};

/** The address was changed, or the account erased, in the very moment: the password is set all the same. */
const unlessMoved = (error: unknown): void => {
  if (!(error instanceof DomainError && (error.code === 'LINK_EXPIRED' || error.code === 'ACCOUNT_ERASED')))
    throw error;
};
