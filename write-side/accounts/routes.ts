import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { role } from '../../domain/account/events.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream, noParams } from '../http/command-route.ts';
import { type AccountMailDeps, accountMails } from './account-mails.ts';
import type { Administrators } from './administrators.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import type { ApiKeys } from './api-keys.ts';
import { passwordBody, passwordRoutes } from './password-routes.ts';
import { displayNameBody, emailBody, profileRoutes } from './profile-routes.ts';
import { registerAccount } from './register.ts';
import { sessionRoutes } from './session-routes.ts';
import type { SignInDeps } from './sign-in.ts';

export type AccountDeps = CommandRouteDeps &
  SignInDeps &
  AccountMailDeps & {
    readonly administrators: Administrators;
    readonly apiKeys: ApiKeys;
    /** Cookies are sent over https only. */
    readonly secureCookies: boolean;
  };

const registration = z.strictObject({
  email: emailBody,
  password: passwordBody,
  displayName: displayNameBody,
});

/** Registering, signing in and out, `GET /me`, and roles. Paths are below the base path. */
export const accountRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  const { taking } = deps.administrators;
  const mails = accountMails(deps);

  commandRoute(app, deps, {
    method: 'POST',
    url: '/auth/register',
    summary: 'Make an account',
    tag: 'Accounts',
    access: 'anyone',
    ratePerMinute: 20,
    status: 201,
    body: registration,
    params: noParams,
    refuses: ['EMAIL_TAKEN', 'ACCOUNT_ERASED'],
    main: ({ newId }) => mainStream(accountDecider, newId),
    run: ({ body, newId, context, ifRevision }) =>
      registerAccount(
        { ...deps, mails },
        { accountId: newId, ...body },
        context,
        ifRevision === undefined ? {} : { ifRevision },
      ),
  });

  commandRoute(app, deps, {
    method: 'PUT',
    url: '/accounts/:id/roles',
    summary: 'Replace the roles of an account; `customer` is everybody’s',
    tag: 'Accounts',
    access: { roles: ['admin'] },
    status: 200,
    body: z.strictObject({ roles: z.array(role).max(20) }),
    params: idParams,
    refuses: ['LAST_ADMIN', 'ACCOUNT_ERASED'],
    main: ({ params }) => mainStream(accountDecider, params.id),
    run: ({ body, params, context, ifRevision }) => {
      const options = ifRevision === undefined ? {} : { ifRevision };
      const command = { type: 'SetRoles', roles: body.roles } as const;
      const change = () => deps.handling.handle(accountDecider, params.id, command, context, options);
      return body.roles.includes('admin') ? change() : taking(params.id, change);
    },
  });

  sessionRoutes(app, deps);
  profileRoutes(app, { ...deps, mails });
  passwordRoutes(app, { ...deps, mails });
  apiKeyRoutes(app, deps);
};
