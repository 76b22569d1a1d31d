import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import { notificationDecider } from '../../domain/notification/notification.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream, noBody } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';

/** What a person does with notifications. */
export const notificationRoutes = (app: FastifyInstance, deps: CommandRouteDeps): void => {
  const { handling } = deps;
  commandRoute(app, deps, {
    method: 'POST',
    url: '/notifications/:id/read',
    summary: 'Mark an own notification as read; again: nothing',
    tag: 'Notifications',
    access: 'signedIn',
    status: 200,
    body: noBody,
    params: idParams,
    // Asked here and not in `run`: what was recorded is nobody's who may not do it.
    main: async ({ params, identity }) => {
      const { state } = await handling.load(notificationDecider, params.id);
      if (state.status === 'none' || state.accountId !== signedIn(identity).accountId) throw domainError('NOT_FOUND');
      return mainStream(notificationDecider, params.id);
    },
    run: ({ params, context, ifRevision }) =>
      handling.handle(notificationDecider, params.id, { type: 'ReadNotification' }, context, { ifRevision }),
  });
};
