import { describe, expect, it } from 'vitest';
import { productDecider } from './decider.ts';
import type { ProductEvent } from './events.ts';
import {
  approve,
  approved,
  blocked,
  clean,
  drafted,
  infected,
  leakReason,
  onSale,
  product,
  productId,
  published,
  rejectedBy,
  retired,
  scan,
  submit,
  submitted,
  suspended,
  uploaded,
  withOne,
  yank,
  yanked,
} from './product-story.ts';
import { readiness } from './readiness.ts';

describe('submitting', () => {
  it('asks for publication, also while a scan runs', () => {
    product(...withOne)
      .when(submit())
      .then(submitted);
    product(...withOne, clean('1.0.0'))
      .when(submit())
      .then(submitted);
  });
  it('publishes at once where no approval is needed and the scan is through', () =>
    product(...withOne, clean('1.0.0'))
      .when(submit('approved', false))
      .then(submitted, published('1.0.0')));
  it('again is nothing', () => {
    product(...withOne, submitted)
      .when(submit())
      .thenNothing();
    product(...onSale)
      .when(submit())
      .thenNothing();
  });
  it.each(['none', 'pending', 'suspended'] as const)('needs an approved vendor, not a %s one', (vendor) =>
    product(...withOne)
      .when(submit(vendor))
      .thenRefused('VENDOR_NOT_APPROVED'),
  );
  it('a product suspended by an administrator is refused', () =>
    product(...onSale, suspended('complaint'))
      .when(submit())
      .thenRefused('PRODUCT_STATE'));
  it('a retired one is refused', () => product(drafted, retired).when(submit()).thenRefused('PRODUCT_RETIRED'));
});

describe('what is not ready', () => {
  const bare: ProductEvent = {
    type: 'ProductRevised',
    data: { productId, changes: { description: '', category: '' } },
  };
  it.each<[string, ProductEvent[], string[]]>([
    ['no version', [drafted], ['Upload a version.']],
    ['only yanked versions', [...withOne, yanked('1.0.0')], ['Upload a version.']],
    ['an infected version', [...withOne, infected('1.0.0')], ['Version 1.0.0 is infected: EICAR-Test-File.']],
    ['a live secret', [...withOne, blocked('1.0.0')], [leakReason]],
    [
      'a bad newest version over a good one',
      [...withOne, clean('1.0.0'), uploaded('1.1.0'), infected('1.1.0')],
      ['Version 1.1.0 is infected: EICAR-Test-File.'],
    ],
    ['no texts', [...withOne, bare], ['Write a description.', 'Choose a category.']],
  ])('%s', (_, history, reasons) => {
    const story = product(...history);
    story.when(submit()).thenRefused('NOT_READY');
    expect(() => story.when(submit()).events()).toThrow(reasons.join(' '));
    expect(readiness(story.state(), 'approved')).toEqual(reasons);
  });
  it('is told by the refusal as a list', () => {
    const refusal = expect.objectContaining({ code: 'NOT_READY', details: { reasons: ['Upload a version.'] } });
    expect(() => productDecider.decide(submit(), product(drafted).state())).toThrow(refusal);
  });
  it('a running scan is not missing', () => expect(readiness(product(...withOne).state(), 'approved')).toEqual([]));
  it('a bad version that is yanked gives way to the good one before', () =>
    product(...withOne, clean('1.0.0'), uploaded('1.1.0'), infected('1.1.0'), yanked('1.1.0'))
      .when(submit())
      .then(submitted));
  it('readiness says the vendor’s part too', () => {
    const state = product(...withOne).state();
    expect(readiness(state, 'pending')).toEqual(['The vendor is not approved yet.']);
    expect(readiness(state, 'suspended')).toEqual(['The vendor is suspended.']);
    expect(readiness(state, 'none')).toEqual(['There is no vendor.']);
    expect(readiness(product(...onSale, suspended('complaint')).state(), 'approved')).toEqual([
      'The product is suspended: complaint.',
    ]);
    expect(readiness(product(drafted, retired).state(), 'approved')).toEqual(['The product is retired.']);
    expect(readiness(product().state(), 'approved')).toEqual(['There is no product.']);
  });
});

describe('a submitted product is published by itself', () => {
  it('by the approval when its newest version is clean', () =>
    product(...withOne, clean('1.0.0'), submitted)
      .when(approve)
      .then(approved, published('1.0.0')));
  it('by the verdict when it was approved while the scan ran', () => {
    product(...withOne, submitted)
      .when(approve)
      .then(approved);
    product(...withOne, submitted, approved)
      .when(scan('1.0.0'))
      .then(clean('1.0.0'), published('1.0.0'));
  });
  it('by the verdict where no approval is needed', () =>
    product(...withOne, submitted)
      .when(scan('1.0.0', 'clean', false))
      .then(clean('1.0.0'), published('1.0.0')));
  it('not by the verdict while an approval is missing', () =>
    product(...withOne, submitted)
      .when(scan('1.0.0'))
      .then(clean('1.0.0')));
  it('not by the verdict over an older version while the newest is scanned', () =>
    product(...withOne, uploaded('1.1.0'), submitted, approved)
      .when(scan('1.0.0'))
      .then(clean('1.0.0')));
  it('not before it is submitted', () =>
    product(...withOne)
      .when(scan('1.0.0', 'clean', false))
      .then(clean('1.0.0')));
  it('by the yank of a newest version that is still scanned', () =>
    product(...withOne, clean('1.0.0'), uploaded('1.1.0'), submitted, approved)
      .when(yank('1.1.0'))
      .then(yanked('1.1.0'), published('1.0.0')));
});

describe('a bad verdict after the submission', () => {
  it('rejects, naming node and kind and never a value', () =>
    product(...withOne, submitted)
      .when(scan('1.0.0', 'blocked'))
      .then(blocked('1.0.0'), rejectedBy('scan', leakReason)));
  it('keeps an approval: a good upload and a submission publish', () => {
    const rejected = [...withOne, submitted, approved, blocked('1.0.0'), rejectedBy('scan', leakReason)];
    const again = [...rejected, uploaded('1.0.1'), clean('1.0.1')];
    product(...again)
      .when(submit())
      .then(submitted, published('1.0.1'));
  });
  it('before the submission rejects nothing', () =>
    product(...withOne)
      .when(scan('1.0.0', 'infected'))
      .then(infected('1.0.0')));
  it('of an older version rejects nothing', () =>
    product(...withOne, uploaded('1.1.0'), submitted)
      .when(scan('1.0.0', 'infected'))
      .then(infected('1.0.0')));
});

describe('a verdict', () => {
  it('keeps what the scan read', () => {
    const after = product(...withOne).when({
      ...scan('1.0.0'),
      nodeCount: 4,
      integrations: ['Slack'],
      previewKey: 'p1',
    });
    expect(after.state()).toMatchObject({
      versions: [{ state: 'clean', nodeCount: 4, integrations: ['Slack'], previewKey: 'p1' }],
    });
  });
  it('is recorded once: the first stands', () => {
    product(...withOne, clean('1.0.0'))
      .when(scan('1.0.0'))
      .thenNothing();
    product(...withOne, clean('1.0.0'))
      .when(scan('1.0.0', 'infected'))
      .thenNothing();
    product(...withOne, yanked('1.0.0'))
      .when(scan('1.0.0'))
      .thenNothing();
  });
  it('is taken for a retired product too', () =>
    product(...withOne, submitted, approved, retired)
      .when(scan('1.0.0'))
      .then(clean('1.0.0')));
  it('over no version is refused', () => product(drafted).when(scan('1.0.0')).thenRefused('NOT_FOUND'));
});
