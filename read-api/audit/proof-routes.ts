import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AuditProof, FirstBad } from '../../infra/audit/proof.port.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { timeText } from '../answers.ts';
import { noParams, noQuery, type QueryRouteDeps, queryRoute, waitFor, waitingContract } from '../http/query-route.ts';

export type ProofDeps = QueryRouteDeps & { readonly proof: AuditProof };

const own = { tag: 'Auditors', access: { roles: ['auditor'] }, reads: [auditProjection] } as const;
const positionIn = z
  .string()
  .regex(/^\d{1,18}$/, 'is a position')
  .transform(BigInt);
const textOf = (position: bigint | undefined): string | null => (position === undefined ? null : position.toString());

const proofAnswer = z.object({
  /** SHA-256 in hex, over every event from the first on. */
  head: z.string(),
  events: z.number().int(),
  /** Of the last of these events; null while there are none. */
  position: z.string().nullable(),
  /** Up to here the log was found to fit its chain by `POST /audit/verify`; null: not yet. */
  verifiedUpTo: z.string().nullable(),
  /** Compact JWS (EdDSA) over `{ head, events, position, signedAt }`; its key is in `/.well-known/jwks.json`. */
  signature: z.string(),
  signedAt: z.string(),
});

const verifyAnswer = z.object({
  ok: z.boolean(),
  /** Events found to be as they were recorded. */
  verified: z.number().int(),
  /** Positions, inclusive. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  firstBad: z
    .object({
      position: z.string(),
      stream: z.string().optional(),
      revision: z.string().optional(),
      reason: z.string(),
    })
    .optional(),
});

const firstBadOf = ({ position, stream, revision, reason }: FirstBad) => ({
  position: position.toString(),
  ...(stream === undefined ? {} : { stream }),
  ...(revision === undefined ? {} : { revision: revision.toString() }),
  reason,
});

/** The hash chain over the log: its signed head, and whether the log still fits it. */
export const proofRoutes = (app: FastifyInstance, deps: ProofDeps): void => {
  const { proof } = deps;

  queryRoute(app, deps, {
    ...own,
    url: '/audit/proof',
    summary: 'The head of the hash chain, signed: keep it, and no later change of the log goes unnoticed',
    query: noQuery,
    params: noParams,
    answer: proofAnswer,
    run: async () => {
      const { head, events, position, signature, signedAt } = await proof.head();
      const verifiedUpTo = textOf(await proof.verifiedUpTo());
      return { head, events, position: textOf(position), verifiedUpTo, signature, signedAt: timeText(signedAt) };
    },
  });

  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/audit/verify',
    config: { access: own.access, contract: waitingContract },
    schema: {
      summary:
        'Reads the log again, compares it with the chain and all signed heads, and names the first tampered position',
      tags: [own.tag],
      querystring: noQuery,
      body: z
        .strictObject({ from: positionIn.optional(), to: positionIn.optional() })
        .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
          path: ['to'],
          message: 'is not before from',
        })
        .nullish(),
      response: { 200: verifyAnswer },
    },
    handler: async (request, reply) => {
      await waitFor(deps, own.reads, request);
      const { from, to } = request.body ?? {};
      const found = await proof.verify({
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
      reply.header('cache-control', 'no-store');
      return {
        ...{ ok: found.ok, verified: found.verified, from: textOf(found.from), to: textOf(found.to) },
        ...(found.firstBad === undefined ? {} : { firstBad: firstBadOf(found.firstBad) }),
      };
    },
  });
};
