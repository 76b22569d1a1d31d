import { describe, expect, it } from 'vitest';
import type { ProductEvent } from './events.ts';
import {
  approve,
  approved,
  blocked,
  clean,
  drafted,
  empty,
  infected,
  leakReason,
  onSale,
  product,
  productId,
  reinstated,
  reject,
  rejectedBy,
  released,
  retired,
  scan,
  submit,
  submitted,
  suspend,
  suspended,
  uploaded,
  withOne,
  yank,
  yanked,
} from './product-story.ts';
import { readiness } from './readiness.ts';

describe('a published product', () => {
  const updating = [...onSale, uploaded('1.1.0')];
  it('sells a clean new version by itself', () =>
    product(...updating)
      .when(scan('1.1.0'))
      .then(clean('1.1.0'), released('1.1.0')));
  it('goes on selling the old one when the new one is bad', () => {
    const after = product(...updating).when(scan('1.1.0', 'infected'));
    after.then(infected('1.1.0'));
    expect(after.state()).toMatchObject({ status: 'published', saleVersion: '1.0.0' });
  });
  it('never goes back to an older version because its scan took longer', () =>
    product(...updating, uploaded('1.2.0'), clean('1.2.0'), released('1.2.0'))
      .when(scan('1.1.0'))
      .then(clean('1.1.0')));
  it('approved again is nothing', () =>
    product(...onSale)
      .when(approve)
      .thenNothing());
  it('is not rejected', () =>
    product(...onSale)
      .when(reject)
      .thenRefused('PRODUCT_STATE'));
});

describe('a yank', () => {
  const two = [...onSale, uploaded('1.1.0'), clean('1.1.0'), released('1.1.0')];
  it('of the version on sale sells the newest other clean one', () =>
    product(...two)
      .when({ ...yank('1.1.0'), reason: 'broken' })
      .then({ type: 'VersionYanked', data: { productId, version: '1.1.0', reason: 'broken' } }, released('1.0.0')));
  it('of another version leaves the sale alone', () =>
    product(...two)
      .when(yank('1.0.0'))
      .then(yanked('1.0.0')));
  it('of the last clean one suspends, and the next clean version brings it back', () => {
    product(...onSale)
      .when(yank('1.0.0'))
      .then(yanked('1.0.0'), empty);
    product(...onSale, yanked('1.0.0'), empty, uploaded('1.1.0'))
      .when(scan('1.1.0'))
      .then(clean('1.1.0'), reinstated('A version can be sold again'), released('1.1.0'));
  });
  it('of the last one: submitting says what is missing, then waits for the scan', () => {
    const none = [...onSale, yanked('1.0.0'), empty];
    product(...none)
      .when(submit())
      .thenRefused('NOT_READY');
    expect(readiness(product(...none).state(), 'approved')).toEqual(['Upload a version.']);
    product(...none, uploaded('1.1.0'))
      .when(submit())
      .thenNothing();
  });
  it('of the last one: an administrator’s suspension on top is not undone by an upload', () => {
    const none = [...onSale, yanked('1.0.0'), empty];
    product(...none)
      .when(suspend)
      .then(suspended('complaint'));
    product(...none, suspended('complaint'), uploaded('1.1.0'))
      .when(scan('1.1.0'))
      .then(clean('1.1.0'));
  });
  it('twice is nothing', () =>
    product(...withOne, yanked('1.0.0'))
      .when(yank('1.0.0'))
      .thenNothing());
  it('is possible when the product is retired', () =>
    product(...onSale, retired)
      .when(yank('1.0.0'))
      .then(yanked('1.0.0')));
  it('of no version is refused', () => product(drafted).when(yank('1.0.0')).thenRefused('NOT_FOUND'));
});

describe('an approval', () => {
  it('keeps its reason', () =>
    product(...withOne, submitted)
      .when({ ...approve, reason: 'ok' })
      .then({ type: 'ProductApproved', data: { productId, reason: 'ok' } }));
  it('twice is nothing', () =>
    product(...withOne, submitted, approved)
      .when(approve)
      .thenNothing());
  it.each<[string, ProductEvent[]]>([
    ['draft', withOne],
    ['rejected', [...withOne, submitted, rejectedBy('admin', 'no')]],
  ])('of a %s product is refused', (_, history) =>
    product(...history)
      .when(approve)
      .thenRefused('PRODUCT_STATE'),
  );
  it('of a retired product is refused', () => product(drafted, retired).when(approve).thenRefused('PRODUCT_RETIRED'));
});

describe('a rejection', () => {
  it('says why', () =>
    product(...withOne, submitted)
      .when(reject)
      .then(rejectedBy('admin', 'not ours')));
  it('by an administrator withdraws the approval', () =>
    product(...withOne, submitted, approved, rejectedBy('admin', 'not ours'), clean('1.0.0'))
      .when(submit())
      .then(submitted));
  it('twice is nothing, but after one by the scan it counts', () => {
    product(...withOne, submitted, rejectedBy('admin', 'not ours'))
      .when(reject)
      .thenNothing();
    product(...withOne, submitted, approved, blocked('1.0.0'), rejectedBy('scan', leakReason))
      .when(reject)
      .then(rejectedBy('admin', 'not ours'));
  });
  it.each<[string, ProductEvent[]]>([
    ['draft', withOne],
    ['suspended', [...onSale, suspended('x')]],
  ])('of a %s product is refused', (_, history) =>
    product(...history)
      .when(reject)
      .thenRefused('PRODUCT_STATE'),
  );
  it('of a retired product is refused', () => product(drafted, retired).when(reject).thenRefused('PRODUCT_RETIRED'));
});

describe('a suspension', () => {
  const held = [...onSale, suspended('complaint')];
  it('takes a published product off sale', () =>
    product(...onSale)
      .when(suspend)
      .then(suspended('complaint')));
  it('twice is nothing', () =>
    product(...held)
      .when(suspend)
      .thenNothing());
  it('ends by an approval', () =>
    product(...held)
      .when({ ...approve, reason: 'settled' })
      .then(reinstated('settled')));
  it('ends with the newest version that became clean meanwhile', () => {
    product(...held, uploaded('1.1.0'))
      .when(scan('1.1.0'))
      .then(clean('1.1.0'));
    product(...held, uploaded('1.1.0'), clean('1.1.0'))
      .when(approve)
      .then(reinstated(), released('1.1.0'));
  });
  it('does not end while there is nothing to sell', () =>
    product(...held, yanked('1.0.0'))
      .when(approve)
      .thenRefused('NOT_READY'));
  it('of what is not on sale is refused', () => {
    product(...withOne)
      .when(suspend)
      .thenRefused('PRODUCT_STATE');
    product(...withOne, submitted)
      .when(suspend)
      .thenRefused('PRODUCT_STATE');
    product(drafted, retired).when(suspend).thenRefused('PRODUCT_RETIRED');
  });
});
