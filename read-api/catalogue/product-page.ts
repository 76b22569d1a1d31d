import { z } from 'zod';
import { finding } from '../../domain/product/events.ts';
import type { ProductDocument, VersionDocument } from '../../projections/products/products.ts';
import type { VendorDocument } from '../../projections/vendors/vendors.ts';
import { moneyAnswer, moneyIn } from '../answers.ts';
import { madeOnce } from '../made-once.ts';
import { type SeenProduct, versionsFor } from './audience.ts';
import { type CardFacts, card, cardOf } from './card.ts';

export const versionState = z.enum(['scanning', 'clean', 'infected', 'blocked', 'yanked']);
export const productState = z.enum(['draft', 'submitted', 'rejected', 'published', 'suspended', 'retired']);

export const versionAnswer = z.object({
  version: z.string(),
  state: versionState,
  fileName: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  uploadedAt: z.string(),
  notes: z.string().optional(),
  nodeCount: z.number().int().optional(),
  /** For its vendor only. */
  findings: z.array(finding).optional(),
});

export const productPage = card.extend({
  description: z.string(),
  licenseTiers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      price: moneyAnswer,
      activationLimit: z.number().int(),
      validDays: z.number().int().optional(),
    }),
  ),
  /** As its vendor set it; null: unlimited. */
  stock: z.number().int().nullable(),
  /** Newest first. */
  versions: z.array(versionAnswer.pick({ version: true, state: true, uploadedAt: true, size: true, notes: true })),
  /** The version on sale. */
  latestVersion: z.string().nullable(),
  state: productState,
  createdAt: z.string(),
  /** Why it was rejected; for its vendor and administrators. */
  reasons: z.array(z.string()).optional(),
});

/** A version as it is answered; `findings` only with `asVendor`. */
export const versionOf = (of: VersionDocument, asVendor: boolean): z.infer<typeof versionAnswer> => ({
  version: of.version,
  state: of.state,
  fileName: of.fileName,
  size: of.size,
  sha256: of.sha256,
  uploadedAt: of.uploadedAt,
  ...(of.notes === null ? {} : { notes: of.notes }),
  ...(of.nodeCount === null ? {} : { nodeCount: of.nodeCount }),
  ...(asVendor ? { findings: [...of.findings] } : {}),
});

/** A product as a card shows it. */
export const cardFacts = (product: ProductDocument): CardFacts => ({
  ...product,
  version: product.saleVersion,
  nodeCount: product.versions.find(({ version }) => version === product.saleVersion)?.nodeCount ?? null,
});

const pageFor = (seen: SeenProduct): z.infer<typeof productPage> => {
  const { product, vendor, audience } = seen;
  const money = moneyIn(product.currency);
  return {
    ...cardOf(cardFacts(product), vendor),
    description: product.description,
    licenseTiers: product.tiers.map(({ id, name, price, activationLimit, validDays }) => ({
      ...{ id, name, price: money(price), activationLimit },
      ...(validDays === undefined ? {} : { validDays }),
    })),
    stock: product.stock,
    versions: versionsFor(seen)
      .map(({ version, state, uploadedAt, size, notes }) => ({
        ...{ version, state, uploadedAt, size },
        ...(notes === null ? {} : { notes }),
      }))
      .reverse(),
    latestVersion: product.saleVersion,
    state: product.state,
    createdAt: product.createdAt,
    ...(audience === 'vendor' || audience === 'admin' ? { reasons: [...product.reasons] } : {}),
  };
};

const pageForStrangers = madeOnce((product: ProductDocument, vendor: VendorDocument) =>
  pageFor({ product, vendor, audience: 'stranger' }),
);

/** The product page, cut to who sees it. */
export const pageOf = (seen: SeenProduct): z.infer<typeof productPage> =>
  seen.audience === 'stranger' ? pageForStrangers(seen.product, seen.vendor) : pageFor(seen);
