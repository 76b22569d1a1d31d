import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { ProjectionStatus } from '../../projections/engine/status.ts';
import { pageAnswer } from '../answers.ts';
import { pageOfAll } from '../cursor.ts';
import { noParams, noQuery, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';

export type OperatorDeps = QueryRouteDeps & {
  readonly projectionStatus: () => Promise<readonly ProjectionStatus[]>;
};

const statusAnswer = z.object({
  name: z.string(),
  version: z.number().int(),
  generation: z.number().int().nullable(),
  state: z.enum(['live', 'catchingUp', 'building', 'paused', 'stopped', 'faulted']),
  checkpoint: z.string().nullable(),
  /** `events` null: not countable yet. */
  lag: z.object({ events: z.number().int().nullable(), seconds: z.number() }),
  /** Events a second. */
  rate: z.number(),
  lastError: z.string().nullable(),
  rebuild: z
    .object({
      generation: z.number().int(),
      state: z.enum(['building', 'paused', 'stopped', 'faulted']),
      done: z.number().int(),
      total: z.number().int(),
      rate: z.number(),
      secondsLeft: z.number().nullable(),
    })
    .optional(),
});

const statusOf = (status: ProjectionStatus): z.infer<typeof statusAnswer> => {
  const { name, version, generation, state, checkpoint, lagEvents, lagSeconds, rate, lastError, rebuild } = status;
  return {
    ...{ name, version, generation, state, rate },
    checkpoint: checkpoint?.toString() ?? null,
    lag: { events: lagEvents, seconds: lagSeconds },
    lastError: lastError ?? null,
    ...(rebuild === undefined
      ? {}
      : {
          rebuild: {
            generation: rebuild.generation,
            state: rebuild.state,
            done: rebuild.done,
            total: rebuild.total,
            rate: rebuild.ratePerSecond,
            secondsLeft: rebuild.secondsLeft,
          },
        }),
  };
};

/** How the read models are doing. Reads the engine, no read model. */
export const operatorRoutes = (app: FastifyInstance, deps: OperatorDeps): void => {
  const own = { tag: 'Operators', access: { roles: ['operator'] }, reads: [] } as const;

  queryRoute(app, deps, {
    ...own,
    url: '/operator/projections',
    summary: 'Every projection: version, state, lag, rate, last error, rebuild',
    query: pageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(100) }),
    params: noParams,
    answer: pageAnswer(statusAnswer),
    run: async ({ query }) => {
      const all = (await deps.projectionStatus()).map(statusOf);
      return pageOfAll('projections', all, ({ name }) => name, query);
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/operator/projections/:name',
    summary: 'One projection',
    query: noQuery,
    params: z.object({ name: z.string().min(1).max(100) }),
    answer: statusAnswer,
    run: async ({ params }) => {
      const found = (await deps.projectionStatus()).find(({ name }) => name === params.name);
      if (found === undefined) throw domainError('NOT_FOUND');
      return statusOf(found);
    },
  });
};
