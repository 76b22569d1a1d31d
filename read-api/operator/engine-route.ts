import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../infra/clock/port.ts';
import { noParams, noQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';

/** One engine that the system stands on, and a question that costs next to nothing. */
export type EngineProbe = {
  readonly name: string;
  readonly adapter: string;
  /** Resolves when the engine answers, with a word about it. @throws when it does not */
  readonly probe: () => Promise<string | null>;
};

export type EngineDeps = QueryRouteDeps & { readonly engines: readonly EngineProbe[]; readonly clock: Clock };

const engineAnswer = z.object({
  name: z.string(),
  adapter: z.string(),
  state: z.enum(['up', 'down']),
  detail: z.string().nullable(),
  latencyMs: z.number(),
});

const patienceMs = 2_000;

const health = async ({ name, adapter, probe }: EngineProbe, clock: Clock): Promise<z.infer<typeof engineAnswer>> => {
  const began = clock.now();
  const told = (state: 'up' | 'down', detail: string | null) => ({
    ...{ name, adapter, state, detail },
    latencyMs: clock.now() - began,
  });
  return new Promise((resolve) => {
    const cancel = clock.schedule(patienceMs, () => resolve(told('down', `no answer within ${patienceMs} ms`)));
    probe()
      .then(
        (detail) => told('up', detail),
        (error: unknown) => told('down', error instanceof Error ? error.message : String(error)),
      )
      .then((answer) => {
        cancel();
        resolve(answer);
      });
  });
};

/** How the engines below are doing: each is asked something small now. */
export const engineRoute = (app: FastifyInstance, deps: EngineDeps): void => {
  queryRoute(app, deps, {
    url: '/operator/engines',
    summary: 'Health of each engine: event store, read models, search, cache, objects, secrets, payments, scanner',
    tag: 'Operators',
    access: { roles: ['operator'] },
    reads: [],
    query: noQuery,
    params: noParams,
    answer: z.object({ items: z.array(engineAnswer), nextCursor: z.null() }),
    run: async () => ({
      items: await Promise.all(deps.engines.map((engine) => health(engine, deps.clock))),
      nextCursor: null,
    }),
  });
};
