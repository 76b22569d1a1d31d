import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { License } from '../../domain/license/license.ts';
import { validate, validationCodes } from '../../domain/license/validate.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { type LicenseDocument, licenses } from '../../projections/licenses/licenses.ts';
import { people } from '../../projections/people/people.ts';
import { timeText } from '../answers.ts';
import { type QueryRouteDeps, waitFor, waitingContract } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { issuedLicense, licenseStateAt } from './issued-license.ts';
import { licenseState } from './license-answer.ts';

export type ValidateDeps = QueryRouteDeps & {
  readonly models: ReadModels;
  readonly clock: Clock;
  readonly hashLicenseKey: (key: string) => string;
};

const perMinute = 60;
const answer = z.object({
  valid: z.boolean(),
  code: z.enum(validationCodes),
  detail: z.string(),
  /** What who has the key may know; absent when the key is none of this product. */
  license: z
    .object({
      id: z.string(),
      productId: z.string(),
      title: z.string(),
      tierId: z.string(),
      state: licenseState,
      activationLimit: z.number().int(),
      expiresAt: z.string().optional(),
    })
    .optional(),
});

const shown = (license: LicenseDocument, now: string): NonNullable<z.infer<typeof answer>['license']> => ({
  id: license.id,
  productId: license.productId,
  title: license.title,
  tierId: license.tierId,
  state: licenseStateAt(license, now),
  activationLimit: license.activationLimit,
  ...(license.expiresAt === null ? {} : { expiresAt: license.expiresAt }),
});

/** A question in a POST, so that keys stand in no log of addresses. Always 200 for a well-formed one. */
export const validateRoute = (app: FastifyInstance, deps: ValidateDeps): void => {
  const { models, clock, hashLicenseKey } = deps;
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/licenses/validate',
    config: { access: 'anyone', ratePerMinute: perMinute, contract: waitingContract },
    schema: {
      summary: 'Whether a licence key may be used now, for a product and (where named) on a machine',
      tags: ['Licences'],
      body: z.strictObject({
        key: z.string().min(1).max(200),
        productId: z.uuid(),
        machine: z.string().min(1).max(200).optional(),
      }),
      response: { 200: answer },
    },
    handler: async (request, reply) => {
      await waitFor(deps, [licenses.name, people.name], request);
      const { key, productId, machine } = request.body;
      const now = timeText(clock.now());
      const [found] = await models.find(licenses, { where: { keyHash: hashLicenseKey(key.trim()) }, limit: 1 });
      const owner = found && machine !== undefined ? await models.get(people, found.ownerId) : undefined;
      const license: License =
        found === undefined ? { status: 'none' } : issuedLicense(found, owner?.machines[found.id] ?? []);
      const verdict = validate(license, { productId, now, ...(machine === undefined ? {} : { machine }) });
      reply.header('cache-control', 'no-store');
      return found !== undefined && found.productId === productId
        ? { ...verdict, license: shown(found, now) }
        : verdict;
    },
  });
};
