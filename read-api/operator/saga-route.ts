import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sagaStream } from '../../domain/checkout/saga-stream.ts';
import { isCapturedPayment } from '../../domain/payment/state.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import { desk } from '../../projections/desk/desk.ts';
import type { DeskDocument } from '../../projections/desk/document.ts';
import { pageAnswer } from '../answers.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';

/** What keeps failing, as the worker that drives it knows. */
export type SagaTries = {
  readonly process: string;
  readonly key: string;
  readonly tries: number;
  readonly lastAnswer: string;
};

export type SagaDeps = QueryRouteDeps & {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly sagaStatus: () => readonly SagaTries[];
};

const sagaAnswer = z.object({
  id: z.string(),
  saga: z.string(),
  stream: z.string(),
  /** Names of the steps that are owed; `awaitOperator` is to be resolved. */
  owes: z.array(z.string()),
  since: z.string().nullable(),
  /** When it is looked at next by itself; null: never, an operator has to. */
  dueAt: z.string().nullable(),
  /** Failures in a row since the worker started; refunds refused, where an operator is awaited. */
  tries: z.number().int(),
  lastAnswer: z.string().nullable(),
  overdue: z.boolean(),
});

/** Refunds that the provider refused, where nothing is tried any more. */
const refusedRefunds = ({ owes, payment }: DeskDocument): Pick<SagaTries, 'tries' | 'lastAnswer'> | undefined => {
  if (!owes.includes('awaitOperator') || payment === undefined || !isCapturedPayment(payment)) return undefined;
  const refused = payment.refunds.filter(({ state }) => state === 'failed');
  return { tries: refused.length, lastAnswer: refused.at(-1)?.reason ?? 'failed' };
};

/** The desk: what every process owes. First what waits for an operator, then by the time it is due. */
export const sagaRoute = (app: FastifyInstance, deps: SagaDeps): void => {
  const models = readModels(deps.documents);
  queryRoute(app, deps, {
    url: '/operator/sagas',
    summary: 'What sagas owe, since when, and what the last try was answered',
    tag: 'Operators',
    access: { roles: ['operator'] },
    reads: [desk.name],
    query: pageQuery,
    params: noParams,
    answer: pageAnswer(sagaAnswer),
    run: async ({ query }) => {
      const now = new Date(deps.clock.now()).toISOString();
      const trying = new Map(deps.sagaStatus().map((each) => [`${each.process}:${each.key}`, each]));
      const { items, nextCursor } = await models.page(desk, {
        where: { since: { gt: '' } },
        order: [{ field: 'dueAt', direction: 'asc' }],
        ...query,
      });
      return {
        items: items.map((document) => {
          const { process: saga, key, owes, since, dueAt } = document;
          const id = `${saga}:${key}`;
          const { tries = 0, lastAnswer = null } = refusedRefunds(document) ?? trying.get(id) ?? {};
          const overdue = dueAt === null || dueAt < now;
          return { id, saga, stream: sagaStream(saga, key), owes: [...owes], since, dueAt, tries, lastAnswer, overdue };
        }),
        nextCursor,
      };
    },
  });
};
