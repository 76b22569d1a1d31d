import type { Documents } from '../../infra/documents/port.ts';
import type { Search } from '../../infra/search/port.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import type { ReadModels } from '../read-models.ts';

const readSuspended = async (models: ReadModels): Promise<readonly string[]> => {
  const ids: string[] = [];
  const order = [{ field: 'registeredAt', direction: 'asc' }] as const;
  for await (const { id } of models.each(vendors, { where: { state: 'suspended' }, order })) ids.push(id);
  return ids;
};

/**
 * The search without what suspended vendors sell. No event names a vendor's products, so they are left out when asked for,
 * and are back with the vendor; totals and facets are exact. The few suspended ones are read again when vendors have changed.
 */
export const sellingSearch = (models: ReadModels, search: Search, documents: Pick<Documents, 'changes'>): Search => {
  let suspended: { readonly mark: number; readonly ids: readonly string[] } | undefined;
  const suspendedVendors = async (): Promise<readonly string[]> => {
    const mark = documents.changes([vendors.name]);
    if (suspended?.mark === mark) return suspended.ids;
    const ids = await readSuspended(models);
    suspended = { mark, ids };
    return ids;
  };

  return {
    ...search,
    query: async (query) => {
      const exceptVendors = await suspendedVendors();
      return search.query(
        exceptVendors.length === 0 ? query : { ...query, filters: { ...query.filters, exceptVendors } },
      );
    },
  };
};
