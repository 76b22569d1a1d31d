import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { labelSlug } from '../../domain/slug/slugify.ts';
import type { Documents, Where } from '../../infra/documents/port.ts';
import { type PersonDocument, people } from '../../projections/people/people.ts';
import { products } from '../../projections/products/products.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { pageOfAll } from '../cursor.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { type ReadModels, readModels } from '../read-models.ts';
import { waitingForApproval } from './queue.ts';

export type AdminDeps = QueryRouteDeps & { readonly documents: Documents };

const words = z.string().trim().max(254).optional();
const accountAnswer = z.object({
  ...{ id: z.string(), email: z.string(), displayName: z.string(), roles: z.array(z.string()) },
  vendorId: z.string().optional(),
  registeredAt: z.string(),
});
const vendorState = z.enum(['pending', 'approved', 'suspended']);
const vendorAnswer = z.object({
  ...{ id: z.string(), slug: z.string(), displayName: z.string(), country: z.string(), defaultCurrency: z.string() },
  ...{ state: vendorState, ownerId: z.string(), registeredAt: z.string() },
});
const queueAnswer = z.object({
  type: z.enum(['vendor', 'product']),
  ...{ id: z.string(), slug: z.string(), title: z.string(), vendorId: z.string() },
  /** Since when it waits. */
  since: z.string(),
  /** Of a product: how far the scan of its newest version is. */
  version: z.object({ version: z.string(), state: z.string() }).optional(),
});

const newestFirst = [{ field: 'registeredAt', direction: 'desc' }] as const;
const beginningWith = (text: string) => ({ gte: text, lt: `${text}\uffff` });

const accountOf = ({ id, email, displayName, roles, vendorId, registeredAt }: PersonDocument) => ({
  ...{ id, email, displayName, registeredAt },
  roles: ['customer', ...roles],
  ...(vendorId === null ? {} : { vendorId }),
});
const vendorOf = (vendor: VendorDocument) => {
  const { id, slug, displayName, country, defaultCurrency, state, ownerId, registeredAt } = vendor;
  return { id, slug, displayName, country, defaultCurrency, state, ownerId, registeredAt };
};

/** Whose e-mail address (as written there, or in lower case) or name (as written there) begins so, newest first. */
const peopleNamed = async (models: ReadModels, q: string): Promise<readonly PersonDocument[]> => {
  const found = new Map<string, PersonDocument>();
  const asked: readonly Where[] = [
    { email: beginningWith(q) },
    { email: beginningWith(q.toLowerCase()) },
    { displayName: beginningWith(q) },
  ];
  for (const where of asked)
    for await (const person of models.each(people, { where, order: newestFirst })) found.set(person.id, person);
  return [...found.values()].sort((a, b) =>
    a.registeredAt === b.registeredAt ? (a.id < b.id ? -1 : 1) : a.registeredAt < b.registeredAt ? 1 : -1,
  );
};

/** Who is here, and what waits for an administrator. */
export const adminRoutes = (app: FastifyInstance, deps: AdminDeps): void => {
  const models = readModels(deps.documents);
  const common = { access: { roles: ['admin'] }, params: noParams } as const;

  queryRoute(app, deps, {
    ...common,
    url: '/accounts',
    summary: 'Accounts, newest first; `q`: how the e-mail address or the name begins',
    tag: 'Accounts',
    query: pageQuery.extend({ q: words }),
    answer: pageAnswer(accountAnswer),
    reads: [people.name],
    run: async ({ query: { q, limit, cursor } }) => {
      const { items, nextCursor } =
        q === undefined || q === ''
          ? await models.page(people, { where: {}, order: newestFirst, limit, cursor })
          : pageOfAll(`accounts ${q}`, await peopleNamed(models, q), ({ id }) => id, { limit, cursor });
      return { items: items.map(accountOf), nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...common,
    url: '/vendors',
    summary: 'Vendors, newest first; with `q` (how the name begins) by name',
    tag: 'Vendors',
    query: pageQuery.extend({ q: words, state: vendorState.optional() }),
    answer: pageAnswer(vendorAnswer),
    reads: [vendors.name],
    run: async ({ query: { q, state, limit, cursor } }) => {
      const slug = labelSlug(q ?? '');
      const named = q !== undefined && q !== '';
      const { items, nextCursor } = await models.page(vendors, {
        where: { ...(named ? { slug: beginningWith(slug) } : {}), ...(state === undefined ? {} : { state }) },
        order: named ? [{ field: 'slug', direction: 'asc' }] : newestFirst,
        ...{ limit, cursor },
      });
      return { items: items.map(vendorOf), nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...common,
    url: '/admin/queue',
    summary: 'What waits for approval: pending vendors and submitted products, the oldest first',
    tag: 'Accounts',
    query: pageQuery,
    answer: pageAnswer(queueAnswer),
    reads: [vendors.name, products.name],
    run: async ({ query }) => pageOfAll('queue', await waitingForApproval(models), ({ id }) => id, query),
  });
};
