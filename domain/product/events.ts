import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, text, uuid } from '../event/fields.ts';

export const productKinds = ['n8n-workflow', 'ai-agent', 'prompt-pack', 'template', 'other'] as const;
export const productKind = z.enum(productKinds);
export type ProductKind = z.infer<typeof productKind>;

/** A way to buy the product. `price` in minor units of the product's currency; no `validDays`: no end. */
export const licenseTier = z.object({
  id: z.string(),
  name: z.string(),
  price: minorUnits.nonnegative(),
  activationLimit: z.number().int().positive(),
  validDays: z.number().int().positive().optional(),
});
export type LicenseTier = z.infer<typeof licenseTier>;

const listing = z.object({
  title: text(120),
  summary: z.string(),
  description: z.string(),
  integrations: z.array(z.string()),
  kind: productKind,
  category: z.string(),
  tags: z.array(z.string()),
  currency: currencyCode,
  /** At least one; the cheapest one's price is the product's price. */
  tiers: z.array(licenseTier).min(1),
  /** How many may still be sold from now on; null: no limit. */
  stock: z.number().int().nonnegative().nullable(),
});
/** What a vendor says of a product. */
export type Listing = z.infer<typeof listing>;

/** What a scan found. Names the node and the kind of thing, never its value. */
export const finding = z.object({
  kind: z.string(),
  node: z.string().optional(),
  path: z.string().optional(),
  text: z.string().optional(),
});
export type Finding = z.infer<typeof finding>;

const ofProduct = z.object({ productId: uuid });
const withReason = z.object({ productId: uuid, reason: z.string().optional() });

/** Streams `product-<productId>`. */
export const productEvents = {
  ProductDrafted: event(1, z.object({ productId: uuid, vendorId: uuid, slug: z.string(), ...listing.shape })),
  /** Only what changed. */
  ProductRevised: event(1, z.object({ productId: uuid, changes: listing.partial() })),
  /** The bytes lie in the object store under `objectKey`; `sha256` is of exactly those bytes. */
  VersionUploaded: event(
    1,
    z.object({
      productId: uuid,
      version: z.string(),
      objectKey: z.string(),
      sha256: z.string(),
      size: z.number().int().nonnegative(),
      fileName: z.string(),
      notes: z.string().optional(),
    }),
  ),
  /** `integrations` are the services the file itself uses; `previewKey` is the derived preview's object. */
  VersionScanned: event(
    1,
    z.object({
      productId: uuid,
      version: z.string(),
      verdict: z.enum(['clean', 'infected', 'blocked']),
      findings: z.array(finding),
      engine: z.string(),
      nodeCount: z.number().int().nonnegative().optional(),
      integrations: z.array(z.string()).optional(),
      previewKey: z.string().optional(),
    }),
  ),
  VersionYanked: event(1, z.object({ productId: uuid, version: z.string(), reason: z.string().optional() })),
  ProductSubmitted: event(1, ofProduct),
  /** An administrator's consent; publication follows by itself once the newest version is clean. */
  ProductApproved: event(1, withReason),
  ProductRejected: event(1, z.object({ productId: uuid, by: z.enum(['admin', 'scan']), reasons: z.array(z.string()) })),
  /** On sale from now on with `version`. */
  ProductPublished: event(1, z.object({ productId: uuid, version: z.string() })),
  /** A published product sells a newer (or after a yank: an older) version from now on. */
  ProductVersionReleased: event(1, z.object({ productId: uuid, version: z.string() })),
  ProductSuspended: event(1, withReason),
  ProductReinstated: event(1, withReason),
  ProductRetired: event(1, ofProduct),
};
export type ProductEvent = EventOf<typeof productEvents>;
