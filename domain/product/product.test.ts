import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { given } from '../given.ts';
import { owed } from '../publication/owed.ts';
import { productDecider } from './decider.ts';
import type { ProductEvent } from './events.ts';
import {
  approved,
  body,
  clean,
  drafted,
  infected,
  product,
  productId,
  published,
  rejectedBy,
  released,
  retired,
  submitted,
  suspended,
  uploaded,
  vendorId,
  yanked,
} from './product-story.ts';

const add = (version: string, sha256 = `sha-${version}`) =>
  ({
    type: 'AddVersion',
    version,
    objectKey: `products/${version}`,
    sha256,
    size: 10,
    fileName: 'workflow.json',
  }) as const;

describe('drafting', () => {
  const draft = { type: 'DraftProduct', productId, vendorId, slug: 'invoice-sorter', listing: body } as const;
  it('makes a draft of the normalised listing', () => product().when(draft).then(drafted));
  it('with stock is the first setting of it', () => {
    const state = product()
      .when({ ...draft, listing: { ...body, stock: 5 } })
      .state();
    expect(state).toMatchObject({ status: 'draft', stockLevel: 1, listing: { stock: 5 } });
  });
  it('a bad listing is refused', () =>
    product()
      .when({ ...draft, listing: { ...body, title: '' } })
      .thenRefused('INVALID_INPUT'));
  it('twice is refused', () => product(drafted).when(draft).thenRefused('PRODUCT_STATE'));
});

describe('revising', () => {
  const revised = (changes: Extract<ProductEvent, { type: 'ProductRevised' }>['data']['changes']): ProductEvent => ({
    type: 'ProductRevised',
    data: { productId, changes },
  });
  it('records only what changed', () =>
    product(drafted)
      .when({ type: 'ReviseProduct', changes: { title: 'Bill sorter', category: 'Finance' } })
      .then(revised({ title: 'Bill sorter' })));
  it('to the same is nothing', () =>
    product(drafted)
      .when({ type: 'ReviseProduct', changes: { ...body } })
      .thenNothing());
  it('a published product needs no new approval', () => {
    const story = product(drafted, uploaded('1.0.0'), clean('1.0.0'), submitted, approved, published('1.0.0'));
    const after = story.when({ type: 'ReviseProduct', changes: { price: { amount: 5, currency: 'USD' } } });
    expect(after.state()).toMatchObject({ status: 'published', listing: { tiers: [{ price: 5 }] } });
  });
  it('the stock counts its settings, also to the same number', () => {
    const story = product(drafted, revised({ stock: 5 }));
    expect(story.state()).toMatchObject({ stockLevel: 1, listing: { stock: 5 } });
    expect(story.when({ type: 'ReviseProduct', changes: { stock: 5 } }).state()).toMatchObject({ stockLevel: 2 });
    expect(story.when({ type: 'ReviseProduct', changes: { stock: null } }).state()).toMatchObject({ stockLevel: 2 });
    expect(story.when({ type: 'ReviseProduct', changes: { title: 'X' } }).state()).toMatchObject({ stockLevel: 1 });
  });
  it('the kind is free until a version was uploaded, which was checked as what it was', () => {
    const change = { type: 'ReviseProduct', changes: { kind: 'other' } } as const;
    product(drafted)
      .when(change)
      .then(revised({ kind: 'other' }));
    product(drafted, uploaded('1.0.0')).when(change).thenRefused('PRODUCT_STATE');
    product(drafted, uploaded('1.0.0'))
      .when({ type: 'ReviseProduct', changes: { kind: body.kind } })
      .thenNothing();
  });
  it('a retired product is refused', () =>
    product(drafted, retired).when({ type: 'ReviseProduct', changes: {} }).thenRefused('PRODUCT_RETIRED'));
  it('with bad input is refused', () =>
    product(drafted)
      .when({ type: 'ReviseProduct', changes: { title: ' ' } })
      .thenRefused('INVALID_INPUT'));
});

describe('versions', () => {
  it('are added to be scanned', () => {
    product(drafted).when(add('1.0.0')).then(uploaded('1.0.0'));
    expect(product(drafted, uploaded('1.0.0')).state()).toMatchObject({
      versions: [{ version: '1.0.0', state: 'scanning', sha256: 'sha-1.0.0', size: 10 }],
    });
  });
  it('keep their notes', () =>
    expect(
      product(drafted)
        .when({ ...add('1.0.0'), notes: 'first' })
        .state(),
    ).toMatchObject({ versions: [{ notes: 'first' }] }));
  it('with the same bytes again are nothing', () =>
    product(drafted, uploaded('1.0.0')).when(add('1.0.0')).thenNothing());
  it('with other bytes are refused', () =>
    product(drafted, uploaded('1.0.0')).when(add('1.0.0', 'other')).thenRefused('VERSION_EXISTS'));
  it('that were yanked do not come back', () =>
    product(drafted, uploaded('1.0.0'), yanked('1.0.0')).when(add('1.0.0')).thenRefused('VERSION_STATE'));
  it.each(['0.9.0', '1.0.0-rc.1', '1.0.0+build'])('must be newer than the newest: %s', (version) =>
    product(drafted, uploaded('1.0.0')).when(add(version)).thenRefused('VERSION_NOT_NEWER'),
  );
  it('must be newer than a yanked one too', () =>
    product(drafted, uploaded('1.0.0'), yanked('1.0.0')).when(add('0.9.0')).thenRefused('VERSION_NOT_NEWER'));
  it.each(['1.0', 'v1.0.0', ''])('must be semantic: %j', (version) =>
    product(drafted).when(add(version)).thenRefused('INVALID_INPUT'),
  );
  it('are 500 at most', () => {
    const many = Array.from({ length: 500 }, (_, i) => uploaded(`1.${i}.0`));
    product(drafted, ...many)
      .when(add('2.0.0'))
      .thenRefused('TOO_MANY_VERSIONS');
    product(drafted, ...many)
      .when(add('1.499.0'))
      .thenNothing();
    product(drafted, ...many.slice(1))
      .when(add('2.0.0'))
      .then(uploaded('2.0.0'));
  });
  it('are refused when the product is retired', () =>
    product(drafted, retired).when(add('1.0.0')).thenRefused('PRODUCT_RETIRED'));
});

describe('what publication owes', () => {
  const owes = (...history: ProductEvent[]) => owed(fold(productDecider, history));
  it('is a scan of each version that waits for its verdict', () => {
    const scan = { step: 'scan', version: '2.0.0', objectKey: 'products/2.0.0', sha256: 'sha-2.0.0' };
    expect(owes(drafted, uploaded('1.0.0'), clean('1.0.0'), uploaded('2.0.0'))).toEqual([scan]);
  });
  it('is nothing for a version that was judged or yanked', () =>
    expect(owes(drafted, uploaded('1.0.0'), infected('1.0.0'), uploaded('2.0.0'), yanked('2.0.0'))).toEqual([]));
  it('is nothing for no product', () => expect(owes()).toEqual([]));
});

describe('retiring', () => {
  it('is final, from every state', () => {
    const stories: ProductEvent[][] = [
      [drafted],
      [drafted, uploaded('1.0.0'), submitted],
      [drafted, uploaded('1.0.0'), submitted, rejectedBy('admin', 'no')],
      [drafted, uploaded('1.0.0'), clean('1.0.0'), submitted, approved, published('1.0.0')],
      [drafted, uploaded('1.0.0'), clean('1.0.0'), submitted, approved, published('1.0.0'), suspended('bad')],
    ];
    for (const story of stories)
      product(...story)
        .when({ type: 'RetireProduct' })
        .then(retired);
  });
  it('twice is nothing', () => product(drafted, retired).when({ type: 'RetireProduct' }).thenNothing());
});

it.each([
  { type: 'ReviseProduct', changes: {} },
  add('1.0.0'),
  { type: 'RecordScan', version: '1.0.0', verdict: 'clean', findings: [], engine: 'x', approvalRequired: true },
  { type: 'YankVersion', version: '1.0.0', approvalRequired: true },
  { type: 'SubmitProduct', vendorStatus: 'approved', approvalRequired: true },
  { type: 'ApproveProduct', approvalRequired: true },
  { type: 'RejectProduct', reason: 'no' },
  { type: 'SuspendProduct' },
  { type: 'RetireProduct' },
] as const)('$type of no product is refused', (command) => product().when(command).thenRefused('NOT_FOUND'));

it('an impossible event changes nothing', () => {
  expect(given(productDecider, submitted, published('1.0.0')).state()).toEqual({ status: 'none' });
  const state = product(drafted, uploaded('1.0.0')).state();
  const impossible = [published('1.0.0'), released('1.0.0'), suspended('x'), approved, rejectedBy('admin', 'x')];
  expect(
    product(drafted, uploaded('1.0.0'), ...impossible, uploaded('1.0.0'), clean('9.0.0'), drafted).state(),
  ).toEqual(state);
});
