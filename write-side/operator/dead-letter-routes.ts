import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type DeadLetterCommand, deadLetterDecider } from '../../domain/dead-letter/dead-letter.ts';
import type { LetterFacts } from '../../domain/dead-letter/events.ts';
import { domainError } from '../../domain/errors.ts';
import type { DeadLetter } from '../../infra/documents/sink.port.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream } from '../http/command-route.ts';

export type DeadLetterRouteDeps = CommandRouteDeps & {
  /** The letter while it is parked. */
  readonly deadLetter: (id: string) => Promise<DeadLetter | undefined>;
};

const reason = z.string().trim().min(1).max(500);

const factsOf = ({ id, projection, generation, stream, eventId, documentId }: DeadLetter): LetterFacts => ({
  deadLetterId: id,
  ...{ projection, generation, stream, eventId, documentId },
});

/** What operators decide of parked events: an event of `deadLetter-<id>`, which the projection workers follow. */
export const deadLetterRoutes = (app: FastifyInstance, deps: DeadLetterRouteDeps): void => {
  const own = {
    method: 'POST',
    tag: 'Operators',
    access: { roles: ['operator'] },
    status: 200,
    params: idParams,
    main: ({ params }: { readonly params: z.infer<typeof idParams> }) => mainStream(deadLetterDecider, params.id),
  } as const;
  const parked = async (id: string): Promise<LetterFacts> => {
    const letter = await deps.deadLetter(id);
    if (letter === undefined) throw domainError('NOT_FOUND');
    return factsOf(letter);
  };

  commandRoute(app, deps, {
    ...own,
    url: '/operator/dead-letters/:id/replay',
    summary: 'Apply a parked event again, with everything that waits for the same document or stream, in order',
    body: z.strictObject({ reason: reason.optional() }).nullish(),
    run: async ({ params: { id }, body, context, ifRevision }) => {
      const command: DeadLetterCommand = {
        type: 'Replay',
        letter: await parked(id),
        ...(body?.reason === undefined ? {} : { reason: body.reason }),
      };
      return deps.handling.handle(deadLetterDecider, id, command, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    ...own,
    url: '/operator/dead-letters/:id/discard',
    summary: 'Go on without a parked event, in this and every later generation; what waited for it is applied',
    body: z.strictObject({ reason }),
    run: async ({ params: { id }, body, context, ifRevision }) => {
      const command: DeadLetterCommand = { type: 'Discard', letter: await parked(id), reason: body.reason };
      return deps.handling.handle(deadLetterDecider, id, command, context, { ifRevision });
    },
  });
};
