import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { DeadLetter, DeadLetterQuery } from '../../infra/documents/sink.port.ts';
import { pageAnswer, timeText } from '../answers.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';

export type DeadLetterDeps = QueryRouteDeps & {
  readonly deadLetters: (query: DeadLetterQuery) => Promise<readonly DeadLetter[]>;
};

const letterAnswer = z.object({
  id: z.string(),
  projection: z.string(),
  generation: z.number().int(),
  position: z.string(),
  stream: z.string(),
  revision: z.string(),
  type: z.string(),
  /** Null: the event could not be read, its whole stream waits. */
  documentId: z.string().nullable(),
  reason: z.string(),
  parkedAt: z.string(),
});

const answerOf = (letter: DeadLetter): z.infer<typeof letterAnswer> => {
  const { id, projection, generation, position, stream, revision, eventType, documentId, reason, parkedAt } = letter;
  return {
    ...{ id, projection, generation, stream, documentId, reason },
    position: String(position),
    revision: String(revision),
    type: eventType,
    parkedAt: timeText(parkedAt),
  };
};

const list = 'dead-letters';
const positionIn = (value: unknown): bigint => {
  if (typeof value !== 'string' || !/^\d{1,18}$/.test(value)) throw domainError('INVALID_CURSOR');
  return BigInt(value);
};

/** Parked events, in log order. Shows none of their data. Reads the projections' sink, no read model. */
export const deadLetterRoute = (app: FastifyInstance, deps: DeadLetterDeps): void => {
  queryRoute(app, deps, {
    url: '/operator/dead-letters',
    summary: 'Events that a projection could not apply, and what waits behind them',
    tag: 'Operators',
    access: { roles: ['operator'] },
    reads: [],
    query: pageQuery.extend({
      projection: z.string().min(1).max(100).optional(),
      documentId: z.string().min(1).max(300).optional(),
      stream: z.string().min(1).max(300).optional(),
    }),
    params: noParams,
    answer: pageAnswer(letterAnswer),
    run: async ({ query: { projection, documentId, stream, limit, cursor } }) => {
      const from = cursor === undefined ? undefined : decodeCursor(list, cursor, 1);
      const found = await deps.deadLetters({
        ...(projection === undefined ? {} : { projection }),
        ...(documentId === undefined ? {} : { documentId }),
        ...(stream === undefined ? {} : { stream }),
        ...(from === undefined ? {} : { after: { position: positionIn(from.values[0]), id: from.id } }),
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(answerOf),
        nextCursor:
          last === undefined || found.length <= limit
            ? null
            : encodeCursor(list, { values: [String(last.position)], id: last.id }),
      };
    },
  });
};
