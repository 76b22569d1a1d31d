import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import { noQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { isAdmin } from '../who-owns.ts';

const uuid = z.uuid();
const vendorPage = z.object({
  id: z.string(),
  slug: z.string(),
  displayName: z.string(),
  country: z.string(),
  defaultCurrency: z.string(),
  state: z.enum(['pending', 'approved', 'suspended']),
  registeredAt: z.string(),
});

const findVendor = async (models: ReadModels, idOrSlug: string): Promise<VendorDocument | undefined> => {
  if (uuid.safeParse(idOrSlug).success) return models.get(vendors, idOrSlug.toLowerCase());
  const [vendor] = await models.find(vendors, { where: { slug: idOrSlug }, limit: 1 });
  return vendor;
};

/** The public page of a vendor; before the approval and after a suspension its owner and administrators see it. */
export const vendorRoutes = (app: FastifyInstance, deps: QueryRouteDeps & { readonly models: ReadModels }): void => {
  queryRoute(app, deps, {
    url: '/vendors/:idOrSlug',
    summary: 'The vendor page',
    tag: 'Vendors',
    access: 'anyone',
    query: noQuery,
    params: z.object({ idOrSlug: z.string().min(1).max(200) }),
    sends: ['ETag'],
    answer: vendorPage,
    reads: [vendors.name],
    run: async ({ params, identity, reply }) => {
      const vendor = await findVendor(deps.models, params.idOrSlug);
      const owned = vendor !== undefined && vendor.ownerId === identity?.accountId;
      const seen = vendor?.state === 'approved' || owned || isAdmin(identity);
      if (vendor === undefined || !seen) throw domainError('NOT_FOUND');
      withRevision(reply, vendor.revision);
      const { id, slug, displayName, country, defaultCurrency, state, registeredAt } = vendor;
      return { id, slug, displayName, country, defaultCurrency, state, registeredAt };
    },
  });
};
