import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import { type LicenseDocument, licenses } from '../../projections/licenses/licenses.ts';
import { people } from '../../projections/people/people.ts';
import { products } from '../../projections/products/products.ts';
import { pageAnswer, timeText } from '../answers.ts';
import {
  idParams,
  noParams,
  noQuery,
  pageQuery,
  type QueryRouteDeps,
  queryRoute,
  withRevision,
} from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { accountOf } from '../who-owns.ts';
import { licenseAnswer, licenseOf } from './license-answer.ts';
import { validateRoute } from './validate-route.ts';

export type LicenseDeps = QueryRouteDeps & {
  readonly documents: Documents;
  readonly clock: Clock;
  /** The key of a licence: computed, never stored. */
  readonly licenseKey: (licenseId: string) => string;
  /** The hash under which a key's licence is found. */
  readonly hashLicenseKey: (key: string) => string;
};

/** Licences for their owners, and the validation of keys for anyone. */
export const licenseRoutes = (app: FastifyInstance, deps: LicenseDeps): void => {
  const models = readModels(deps.documents);
  const reads = [licenses.name, products.name, people.name];

  const joined = async (shown: readonly LicenseDocument[], ownerId: string) => {
    const [owner, sold] = await Promise.all([
      models.get(people, ownerId),
      models.getMany(
        products,
        shown.map(({ productId }) => productId),
      ),
    ]);
    const now = timeText(deps.clock.now());
    return shown.map((license) =>
      licenseOf(license, {
        key: deps.licenseKey(license.id),
        product: sold.get(license.productId),
        machines: owner?.machines[license.id] ?? [],
        now,
      }),
    );
  };

  queryRoute(app, deps, {
    url: '/licenses',
    summary: 'Own licences, newest first',
    tag: 'Licences',
    access: 'signedIn',
    query: pageQuery,
    params: noParams,
    answer: pageAnswer(licenseAnswer),
    reads,
    run: async ({ query: { limit, cursor }, identity }) => {
      const ownerId = accountOf(identity);
      const { items, nextCursor } = await models.page(licenses, {
        where: { ownerId },
        order: [{ field: 'issuedAt', direction: 'desc' }],
        ...{ limit, cursor },
      });
      return { items: await joined(items, ownerId), nextCursor };
    },
  });

  queryRoute(app, deps, {
    url: '/licenses/:id',
    summary: 'An own licence with its key and activations',
    tag: 'Licences',
    access: 'signedIn',
    query: noQuery,
    params: idParams,
    sends: ['ETag'],
    answer: licenseAnswer,
    reads,
    run: async ({ params, identity, reply }) => {
      const license = await models.get(licenses, params.id);
      if (license === undefined || license.ownerId !== accountOf(identity)) throw domainError('NOT_FOUND');
      const [answer] = await joined([license], license.ownerId);
      if (answer === undefined) throw new Error(`licence ${params.id} got lost on the way`);
      withRevision(reply, license.revision);
      return answer;
    },
  });

  validateRoute(app, { ...deps, models });
};
