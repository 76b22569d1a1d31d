import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { role } from '../../domain/account/events.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream, noParams } from '../http/command-route.ts';
import { administrators } from './administrators.ts';
import { registerAccount } from './register.ts';
import { sessionRoutes } from './session-routes.ts';
import type { SignInDeps } from './sign-in.ts';

export type AccountDeps = CommandRouteDeps & SignInDeps & { readonly store: EventStore; readonly codec: EventCodec };

const registration = z.strictObject({
  email: z.string().trim().max(254).pipe(z.email()),
  password: z.string().min(12, 'must have at least 12 characters').max(200, 'must have at most 200 characters'),
  displayName: z.string().trim().min(1).max(80),
});

/** Registering, signing in and out, `GET /me`, and roles. Paths are below the base path. */
export const accountRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  const { taking } = administrators(deps);

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
    main: ({ newId }) => mainStream(accountDecider, newId),
    run: ({ body, newId, context, ifRevision }) =>
      registerAccount(deps, { accountId: newId, ...body }, context, ifRevision === undefined ? {} : { ifRevision }),
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
    main: ({ params }) => mainStream(accountDecider, params.id),
    run: ({ body, params, context, ifRevision }) => {
      const options = ifRevision === undefined ? {} : { ifRevision };
      const command = { type: 'SetRoles', roles: body.roles } as const;
      const change = () => deps.handling.handle(accountDecider, params.id, command, context, options);
      return body.roles.includes('admin') ? change() : taking(params.id, change);
    },
  });

  sessionRoutes(app, deps);
};
