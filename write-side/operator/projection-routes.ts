import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { projectionControlDecider } from '../../domain/projection-control/projection-control.ts';
import { type CommandRouteDeps, commandRoute, mainStream } from '../http/command-route.ts';

export type ProjectionRouteDeps = CommandRouteDeps & {
  /** Names of the projections that this release knows. */
  readonly projections: ReadonlySet<string>;
};

const reasonBody = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() }).nullish();
const nameParams = z.object({ name: z.string().max(64) });

/** What operators order of projections: an event of `projection-<name>`, which the workers follow. */
export const projectionRoutes = (app: FastifyInstance, deps: ProjectionRouteDeps): void => {
  commandRoute(app, deps, {
    method: 'POST',
    url: '/operator/projections/:name/rebuild',
    summary: 'Build a new generation beside the one that is read; no mail, webhook or payment is sent',
    tag: 'Operators',
    access: { roles: ['operator'] },
    status: 202,
    body: reasonBody,
    params: nameParams,
    main: ({ params }) => {
      if (!deps.projections.has(params.name)) throw domainError('NOT_FOUND');
      return mainStream(projectionControlDecider, params.name);
    },
    run: ({ params, body, context, ifRevision }) => {
      const reason = body?.reason;
      const command = {
        type: 'RequestRebuild',
        projection: params.name,
        ...(reason === undefined ? {} : { reason }),
      } as const;
      return deps.handling.handle(projectionControlDecider, params.name, command, context, { ifRevision });
    },
  });
};
