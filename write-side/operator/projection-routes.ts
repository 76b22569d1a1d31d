import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import {
  type ProjectionControlCommand,
  projectionControlDecider,
  type Standing,
} from '../../domain/projection-control/projection-control.ts';
import type { Generation, GenerationState } from '../../infra/documents/sink.port.ts';
import { type CommandRouteDeps, commandRoute, mainStream, noBody } from '../http/command-route.ts';

export type ProjectionRouteDeps = CommandRouteDeps & {
  /** Name and version of the projections that this release knows. */
  readonly projections: ReadonlyMap<string, number>;
  /** What the read models hold of a projection, the dropped included. */
  readonly generationsOf: (projection: string) => Promise<readonly Generation[]>;
};

const reasonBody = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() }).nullish();
const nameParams = z.object({ name: z.string().max(64) });

/** A generation of another version can't be read by this release, so one can't go back to it. */
const standingOf = (generations: readonly Generation[], version: number | undefined): Standing => {
  const newest = (state: GenerationState) => generations.findLast((each) => each.state === state);
  const retained = newest('retained');
  return {
    live: newest('live')?.generation,
    building: newest('building')?.generation,
    retained: retained?.version === version ? retained?.generation : undefined,
  };
};

const orders: readonly {
  readonly verb: string;
  readonly type: Extract<ProjectionControlCommand, { standing: Standing }>['type'];
  readonly summary: string;
}[] = [
  { verb: 'pause', type: 'Pause', summary: 'Stop the rebuild that runs; without one, stop feeding what readers see' },
  { verb: 'resume', type: 'Resume', summary: 'Go on with what is paused, or stopped at a poison event' },
  { verb: 'cancel', type: 'CancelRebuild', summary: 'Drop the generation that is being built' },
  { verb: 'rollback', type: 'RollBack', summary: 'Show readers the generation that was kept, all at once' },
  { verb: 'drop', type: 'DropRetained', summary: 'Free the generation that was kept; no way back to it then' },
];

/** What operators order of projections: an event of `projection-<name>`, which the workers follow. */
export const projectionRoutes = (app: FastifyInstance, deps: ProjectionRouteDeps): void => {
  const main = ({ params }: { readonly params: z.infer<typeof nameParams> }) => {
    if (!deps.projections.has(params.name)) throw domainError('NOT_FOUND');
    return mainStream(projectionControlDecider, params.name);
  };
  const own = {
    method: 'POST',
    tag: 'Operators',
    access: { roles: ['operator'] },
    params: nameParams,
    main,
    refuses: ['PROJECTION_STATE'],
  } as const;

  commandRoute(app, deps, {
    ...own,
    url: '/operator/projections/:name/rebuild',
    summary: 'Build a new generation beside the one that is read; no mail, webhook or payment is sent',
    status: 202,
    body: reasonBody,
    run: async ({ params, body, context, ifRevision }) => {
      const reason = body?.reason;
      const { state } = await deps.handling.load(projectionControlDecider, params.name);
      const known = (await deps.generationsOf(params.name)).map(({ generation }) => generation);
      const command = {
        type: 'RequestRebuild',
        projection: params.name,
        generation: Math.max(state.highest, ...known) + 1,
        ...(reason === undefined ? {} : { reason }),
      } as const;
      return deps.handling.handle(projectionControlDecider, params.name, command, context, { ifRevision });
    },
  });

  for (const { verb, type, summary } of orders) {
    commandRoute(app, deps, {
      ...own,
      url: `/operator/projections/:name/${verb}`,
      summary,
      status: 200,
      body: noBody,
      run: async ({ params: { name: projection }, context, ifRevision }) => {
        const standing = standingOf(await deps.generationsOf(projection), deps.projections.get(projection));
        const command = { type, projection, standing };
        return deps.handling.handle(projectionControlDecider, projection, command, context, { ifRevision });
      },
    });
  }
};
