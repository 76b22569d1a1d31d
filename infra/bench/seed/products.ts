import type { DomainEvent } from '../../../domain/catalogue.ts';
import type { Decider } from '../../../domain/decider.ts';
import type { ProductCommand } from '../../../domain/product/commands.ts';
import { productDecider } from '../../../domain/product/decider.ts';
import { productKinds } from '../../../domain/product/events.ts';
import { type VendorCommand, vendorDecider } from '../../../domain/vendor/vendor.ts';
import { idFrom } from '../../../write-side/handling/ids.ts';
import { sequence, zipf } from './words.ts';

/** What one stream holds: what its decider decided, command after command. */
export type SeedStream = { readonly stream: string; readonly events: readonly DomainEvent[] };

const vendorCount = 25;
const categories = 24;
export const vendorIdAt = (n: number): string => idFrom('bench', 'vendor', n % vendorCount);
export const productIdAt = (n: number): string => idFrom('bench', 'product', n);
export const slugAt = (n: number): string => `product-${n}`;
/** In minor units of USD: every product has a price of its own within 10,000. */
export const priceAt = (n: number): number => 500 + ((n * 7919) % 10_000);
export const categoryAt = (n: number): string => `Category ${n % categories}`;

const decided = <C, S, E extends DomainEvent>(
  decider: Decider<C, S, E>,
  id: string,
  commands: readonly C[],
): SeedStream => {
  let state = decider.initial;
  const events: E[] = [];
  for (const command of commands)
    for (const event of decider.decide(command, state)) {
      state = decider.evolve(state, event);
      events.push(event);
    }
  return { stream: `${decider.category}-${id}`, events };
};

export function* vendorStreams(): Generator<SeedStream> {
  for (let n = 0; n < vendorCount; n += 1) {
    const vendorId = vendorIdAt(n);
    const commands: VendorCommand[] = [
      {
        ...{ type: 'RegisterVendor', vendorId, ownerId: idFrom('bench', 'owner', n), slug: `vendor-${n}` },
        ...{ displayName: `Vendor ${n}`, country: 'DE', defaultCurrency: 'USD' },
      },
      { type: 'ApproveVendor' },
    ];
    yield decided(vendorDecider, vendorId, commands);
  }
}

/** Products on sale, five events each, with made texts of 7 and 60 words; the same for the same count. */
export function* productStreams(count: number): Generator<SeedStream> {
  const next = sequence(20_261_121);
  const word = zipf(Math.min(60_000, 4_000 + count), next);
  const words = (length: number): string => Array.from({ length }, word).join(' ');
  for (let n = 0; n < count; n += 1) {
    const productId = productIdAt(n);
    const version = '1.0.0';
    const approvalRequired = false;
    const listing = {
      title: words(7),
      description: `${words(20)}. ${words(40)}.`,
      integrations: [`Service ${Math.floor(next() * 40)}`, `Service ${Math.floor(next() * 200)}`],
      kind: productKinds[Math.floor(next() * productKinds.length)] ?? 'other',
      category: categoryAt(n),
      tags: [`tag-${Math.floor(next() * 30)}`, `tag-${Math.floor(next() * 300)}`],
      price: { amount: priceAt(n), currency: 'USD' },
    };
    const file = { objectKey: `products/${productId}/${version}`, size: 2_000 + n, fileName: 'workflow.json' };
    const scan = { verdict: 'clean', findings: [], engine: 'bench' } as const;
    const commands: ProductCommand[] = [
      { type: 'DraftProduct', productId, vendorId: vendorIdAt(n), slug: slugAt(n), listing },
      { type: 'AddVersion', version, ...file, sha256: '0'.repeat(64) },
      { type: 'SubmitProduct', approvalRequired, vendorStatus: 'approved' },
      {
        type: 'RecordScan',
        version,
        approvalRequired,
        ...scan,
        nodeCount: 3 + (n % 40),
        previewKey: `${productId}.preview`,
      },
    ];
    yield decided(productDecider, productId, commands);
  }
}
