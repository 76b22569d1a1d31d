import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { owed } from '../publication/owed.ts';
import type { ProductCommand } from './commands.ts';
import { productDecider } from './decider.ts';
import type { ProductEvent } from './events.ts';
import { newestClean, versionOf } from './product.ts';
import { approve, drafted, reject, scan, submit, suspend, yank } from './product-story.ts';
import { saleFollows } from './sale.ts';

const number = fc.constantFrom('1.0.0', '1.1.0', '2.0.0', '3.0.0');
const add = (version: string): ProductCommand => ({
  type: 'AddVersion',
  version,
  objectKey: version,
  sha256: version,
  size: 1,
  fileName: 'workflow.json',
});
const verdict = fc.constantFrom('clean', 'clean', 'infected', 'blocked');
const command: fc.Arbitrary<ProductCommand> = fc.oneof(
  { weight: 4, arbitrary: number.map(add) },
  { weight: 5, arbitrary: fc.tuple(number, verdict).map(([version, v]) => scan(version, v)) },
  { weight: 2, arbitrary: number.map(yank) },
  { weight: 3, arbitrary: fc.constantFrom<ProductCommand>(submit(), approve) },
  fc.constantFrom<ProductCommand>(reject, suspend, { type: 'RetireProduct' }),
);

it('under any sequence of commands, what is on sale is approved, clean and the newest of its kind', () => {
  let sold = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const events: ProductEvent[] = [drafted];
      for (const next of commands) {
        const before = fold(productDecider, events);
        try {
          events.push(...productDecider.decide(next, before));
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
        }
        const product = fold(productDecider, events);
        if (product.status === 'none') throw new Error('the product is gone');
        if (before.status === 'retired') expect(product.status).toBe('retired');
        if (product.status === 'published') {
          sold += 1;
          expect(product.approved).toBe(true);
          expect(versionOf(product, product.saleVersion)?.state).toBe('clean');
          expect(newestClean(product)?.version).toBe(product.saleVersion);
        }
        // Nothing is left that should have followed, and only what waits for a verdict is owed.
        expect(saleFollows(product, true)).toEqual([]);
        expect(owed(product).map((o) => o.version)).toEqual(
          product.versions.filter((v) => v.state === 'scanning').map((v) => v.version),
        );
      }
    }),
    { numRuns: 4_000 },
  );
  expect(sold).toBeGreaterThan(0);
});
