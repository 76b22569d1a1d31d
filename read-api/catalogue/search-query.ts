import { z } from 'zod';
import { currency } from '../../domain/money/money.ts';
import { productKind } from '../../domain/product/events.ts';
import { categorySlug, labelSlug } from '../../domain/slug/slugify.ts';
import type { SearchFilters } from '../../infra/search/port.ts';
import { pageQuery } from '../http/query-route.ts';

const mostValues = 50;

/** One value or several; empty ones are no filter. */
const many = <Value extends z.ZodType<string>>(value: Value) =>
  z
    .union([value, z.literal(''), z.array(z.union([value, z.literal('')])).max(mostValues)])
    .transform((given) => [given].flat().filter((one) => one !== ''))
    .optional();
const label = z.string().max(120);
const minorUnits = z.coerce.number().int().nonnegative().optional();

/** What narrows a list of products; filters may be repeated: OR within one, AND across them. */
export const productFilters = pageQuery.extend({
  category: many(label),
  tag: many(label),
  kind: many(productKind),
  worksWith: many(label),
  minPrice: minorUnits,
  maxPrice: minorUnits,
  currency: currency.default('USD'),
  minRating: z.coerce.number().min(0).max(5).optional(),
  vendorId: z.uuid().optional(),
  sort: z.enum(['relevance', 'newest', 'price', '-price', 'rating', 'bestselling']).default('relevance'),
});
export type ProductFilters = z.infer<typeof productFilters>;

/** The search filters of a request. Categories are found by slug or label. */
export const searchFilters = (query: ProductFilters): SearchFilters => {
  const { category, tag, kind, worksWith, vendorId, minPrice, maxPrice, minRating } = query;
  const priced = minPrice !== undefined || maxPrice !== undefined;
  return {
    ...(category === undefined ? {} : { category: category.map(categorySlug) }),
    ...(tag === undefined ? {} : { tag: tag.map(labelSlug) }),
    ...(kind === undefined ? {} : { kind }),
    ...(worksWith === undefined ? {} : { worksWith }),
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(minPrice === undefined ? {} : { minPrice }),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    ...(priced ? { currency: query.currency } : {}),
    ...(minRating === undefined ? {} : { minRating }),
  };
};

/** The filters without one facet, for each that is set. Named as the facets are. */
export const withoutEach = (
  filters: SearchFilters,
): readonly { readonly without: string; readonly filters: SearchFilters }[] => {
  const { category, tag, kind, worksWith, vendorId, minRating, minPrice, maxPrice, currency: _, ...rest } = filters;
  const priced = minPrice !== undefined || maxPrice !== undefined;
  const parts: readonly (readonly [name: string, filter: SearchFilters])[] = [
    ['category', category === undefined || category.length === 0 ? {} : { category }],
    ['tag', tag === undefined || tag.length === 0 ? {} : { tag }],
    ['kind', kind === undefined || kind.length === 0 ? {} : { kind }],
    ['worksWith', worksWith === undefined || worksWith.length === 0 ? {} : { worksWith }],
    ['vendorId', vendorId === undefined ? {} : { vendorId }],
    ['rating', minRating === undefined || minRating === 0 ? {} : { minRating }],
    ['price', priced ? pricesOf(filters) : {}],
  ];
  const active = parts.filter(([, filter]) => Object.keys(filter).length > 0);
  return active.map(([without]) => ({
    without,
    filters: Object.assign({}, rest, ...active.filter(([name]) => name !== without).map(([, filter]) => filter)),
  }));
};

const pricesOf = ({ minPrice, maxPrice, currency: of }: SearchFilters): SearchFilters => ({
  ...(minPrice === undefined ? {} : { minPrice }),
  ...(maxPrice === undefined ? {} : { maxPrice }),
  ...(of === undefined ? {} : { currency: of }),
});
