import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { noParams, queryRoute } from './query-route.ts';
import { rememberedAnswers } from './remembered-answers.ts';

it('answers strangers from memory, but for what has an effect of its own', async () => {
  const app = Fastify();
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => JSON.stringify);
  app.decorateRequest('identity', undefined);
  let runs = 0;
  const deps = {
    readModels: { reached: async () => true },
    head: async () => 0n,
    answers: rememberedAnswers({ changes: () => 0 }),
  };
  queryRoute(app, deps, {
    ...{ url: '/things', summary: 'Things', tag: 'Catalogue', access: 'anyone', params: noParams, reads: [] },
    query: z.object({ q: z.string().optional() }),
    answer: z.object({ runs: z.number() }),
    alikeForStrangers: { unless: ['q'] },
    run: async () => {
      runs += 1;
      return { runs };
    },
  });
  const asked = async (url: string): Promise<unknown> => (await app.inject(url)).json();
  // The second time it is known that it is asked for again, and kept.
  expect([await asked('/things'), await asked('/things'), await asked('/things')]).toEqual([
    { runs: 1 },
    { runs: 2 },
    { runs: 2 },
  ]);
  for (const run of [3, 4, 5]) expect(await asked('/things?q=word')).toEqual({ runs: run });
  await app.close();
});
