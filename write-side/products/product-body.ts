import { z } from 'zod';
import { currency } from '../../domain/money/money.ts';
import { productKind } from '../../domain/product/events.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
/** Integer minor units, at most 10¹²: sums and quantities of it stay exact. */
const price = z.strictObject({ amount: z.number().int().min(0).max(1_000_000_000_000), currency });

const tier = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" and "_"'),
  name: line(80),
  price,
  activationLimit: z.number().int().min(1).max(100_000),
  validDays: z.number().int().min(1).max(36_500).exactOptional(),
});

/** `POST /products`. `price` alone is one tier; beside `licenseTiers` it is the cheapest one's (RULES.md money 6). */
export const productBody = z.strictObject({
  title: line(120),
  summary: z.string().max(300).exactOptional(),
  description: z.string().max(20_000),
  kind: productKind,
  category: line(80),
  tags: z.array(line(40)).max(16),
  integrations: z.array(line(60)).max(40).exactOptional(),
  price: price.exactOptional(),
  licenseTiers: z.array(tier).min(1).max(10).exactOptional(),
  /** How many may be sold from now on; null: no limit. */
  stock: z.number().int().min(0).max(1_000_000_000).nullable().exactOptional(),
});

/** `PATCH /products/{id}`: what is absent stays. */
export const productChanges = z.strictObject({
  ...productBody.shape,
  title: productBody.shape.title.exactOptional(),
  description: productBody.shape.description.exactOptional(),
  kind: productBody.shape.kind.exactOptional(),
  category: productBody.shape.category.exactOptional(),
  tags: productBody.shape.tags.exactOptional(),
});

const reason = line(500);
export const reasonBody = z.strictObject({ reason });
export const optionalReasonBody = z.strictObject({ reason: reason.exactOptional() }).nullish();
