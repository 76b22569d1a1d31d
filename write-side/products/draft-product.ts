import { productDecider } from '../../domain/product/decider.ts';
import { type ListingBody, listingFrom } from '../../domain/product/listing.ts';
import type { Product } from '../../domain/product/product.ts';
import { slugCandidate, slugify } from '../../domain/slug/slugify.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { assertHeld, confirmName, type Hold, holdName } from '../accounts/unique-name.ts';
import { type CommandContext, stepOf } from '../handling/context.ts';
import type { Handled, Handling } from '../handling/handling.ts';

type Deps = { readonly handling: Handling; readonly clock: Clock };

const category = 'productSlug';

/** The first slug of the title that nobody has: `x`, `x-2`, `x-3`. A repeat finds the one that it held. */
const holdSlug = async (
  deps: Deps,
  productId: string,
  title: string,
  context: CommandContext,
): Promise<{ readonly slug: string; readonly hold: Hold }> => {
  const wanted = slugify(title);
  for (let n = 1; ; n += 1) {
    const slug = slugCandidate(wanted, n);
    const isUsedBy = async (holderId: string): Promise<boolean> => {
      const { state } = await deps.handling.load(productDecider, holderId);
      return state.status !== 'none' && state.slug === slug;
    };
    const hold = await holdName(deps, { category, name: slug, holderId: productId, isUsedBy }, stepOf(context, slug));
    if (hold !== undefined) return { slug, hold };
  }
};

/**
 * A new draft with a slug of its own: the slug is held, the product made, the slug confirmed. After a crash in between the
 * slug comes free again, or is confirmed for the product by whoever wants it next.
 * @throws DomainError INVALID_INPUT (before anything is held), CONTENTION
 */
export const draftProduct = async (
  deps: Deps,
  draft: { readonly productId: string; readonly vendorId: string; readonly listing: ListingBody },
  context: CommandContext,
): Promise<Handled<Product>> => {
  const { productId, listing } = draft;
  const { title } = listingFrom(listing);
  const { slug, hold } = await holdSlug(deps, productId, title, context);
  assertHeld(deps.clock, hold);
  const drafted = await deps.handling.handle(
    productDecider,
    productId,
    { type: 'DraftProduct', slug, ...draft },
    context,
  );
  await confirmName(deps, { category, name: slug, holderId: productId }, stepOf(context, slug));
  return drafted;
};
