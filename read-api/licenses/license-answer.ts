import { z } from 'zod';
import type { LicenseDocument } from '../../projections/licenses/licenses.ts';
import type { Machine } from '../../projections/people/people.ts';
import type { ProductDocument } from '../../projections/products/products.ts';
import { licenseStateAt } from './issued-license.ts';

export const licenseState = z.enum(['active', 'suspended', 'revoked', 'expired']);

export const licenseAnswer = z.object({
  id: z.string(),
  key: z.string(),
  productId: z.string(),
  title: z.string(),
  orderId: z.string(),
  tierId: z.string(),
  state: licenseState,
  /** The version on sale, else the newest clean one; null: there is none any more. */
  latestVersion: z.string().nullable(),
  activationLimit: z.number().int(),
  activations: z.array(z.object({ machine: z.string(), name: z.string().optional(), at: z.string() })),
  expiresAt: z.string().optional(),
});

export const latestVersionOf = (product: ProductDocument | undefined): string | null =>
  product?.saleVersion ?? product?.versions.findLast(({ state }) => state === 'clean')?.version ?? null;

/** A licence for its owner. `now` is RFC 3339, UTC, milliseconds. */
export const licenseOf = (
  license: LicenseDocument,
  joined: {
    readonly key: string;
    readonly product: ProductDocument | undefined;
    readonly machines: readonly Machine[];
    readonly now: string;
  },
): z.infer<typeof licenseAnswer> => ({
  id: license.id,
  key: joined.key,
  productId: license.productId,
  title: license.title,
  orderId: license.orderId,
  tierId: license.tierId,
  state: licenseStateAt(license, joined.now),
  latestVersion: latestVersionOf(joined.product),
  activationLimit: license.activationLimit,
  activations: joined.machines.map(({ machine, name, at }) => ({ machine, ...(name === null ? {} : { name }), at })),
  ...(license.expiresAt === null ? {} : { expiresAt: license.expiresAt }),
});
