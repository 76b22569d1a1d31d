import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { sampleId as id, licenseId, lineOne, orderId } from '../../domain/order/samples.ts';
import type { Listing, ProductEvent } from '../../domain/product/events.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { catalogue } from './catalogue.ts';
import { products } from './products.ts';
import { search } from './search.ts';

const productId = id(21);
const listing: Listing = {
  ...{ title: 'Sorter', summary: 'Sorts.', description: 'Sorts all.', integrations: ['Gmail'], kind: 'n8n-workflow' },
  ...{ category: 'Office Work', tags: ['invoice'], currency: 'EUR', stock: null },
  tiers: [
    { id: 'team', name: 'Team', price: 5000, activationLimit: 9 },
    { id: 'solo', name: 'Solo', price: 1000, activationLimit: 3 },
  ],
};
const drafted: ProductEvent = {
  type: 'ProductDrafted',
  data: { productId, vendorId: id(31), slug: 'sorter', ...listing },
};
const revised = (changes: Partial<Listing>): ProductEvent => ({ type: 'ProductRevised', data: { productId, changes } });
const uploaded = (version: string): ProductEvent => ({
  type: 'VersionUploaded',
  data: { productId, version, objectKey: 'k', sha256: 'ab', size: 2, fileName: 'w.json', notes: 'new' },
});
const scanned = (version: string, nodeCount: number, verdict: 'clean' | 'blocked' = 'clean'): ProductEvent => ({
  type: 'VersionScanned',
  data: {
    productId,
    version,
    verdict,
    findings: [{ kind: 'x', node: 'Set' }],
    engine: 'e',
    nodeCount,
    previewKey: `p-${version}`,
  },
});
const submitted: ProductEvent = { type: 'ProductSubmitted', data: { productId } };
const published = (version: string): ProductEvent => ({ type: 'ProductPublished', data: { productId, version } });
const released = (version: string): ProductEvent => ({ type: 'ProductVersionReleased', data: { productId, version } });
const state = (type: 'ProductSuspended' | 'ProductReinstated' | 'ProductRetired'): ProductEvent => ({
  type,
  data: { productId },
});
const onSale = [drafted, uploaded('1.0.0'), scanned('1.0.0', 4), submitted, published('1.0.0')] as const;

const { lineId, vendorId, title, tierId, activationLimit } = lineOne;
const licensed: DomainEvent = {
  type: 'LicenseIssued',
  data: {
    licenseId: licenseId(1),
    keyHash: 'h',
    orderId,
    ownerId: id(3),
    lineId,
    productId,
    vendorId,
    title,
    tierId,
    activationLimit,
  },
};
const story = (events: readonly ProductEvent[]) => inStream(`product-${productId}`, ...events);
const sale = inStream(`license-${licenseId(1)}`, licensed);
const pageAfter = async (...events: ProductEvent[]) =>
  (await documentsOf(products, story(events), sale)).get(productId);
const cardAfter = async (...events: ProductEvent[]) =>
  (await documentsOf(catalogue, story(events), sale)).get(productId);
const entryAfter = async (...events: ProductEvent[]) => (await documentsOf(search, story(events), sale)).get(productId);

describe('the product page', () => {
  it('begins as a draft at the price of its cheapest tier', async () => {
    expect(await pageAfter(drafted)).toMatchObject({
      ...{ id: productId, vendorId: id(31), slug: 'sorter', state: 'draft', price: 1000, currency: 'EUR', stock: null },
      ...{ tiers: listing.tiers, versions: [], saleVersion: null, reasons: [], publishedAt: null },
      ...{ createdAt: happenedAt(0), revision: '0' },
    });
  });
  it('changes in what a revision names, and in nothing else', async () => {
    const tiers = [{ id: 'solo', name: 'Solo', price: 1500, activationLimit: 3 }];
    expect(await pageAfter(drafted, revised({ title: 'Better', stock: 0 }))).toMatchObject({
      title: 'Better',
      stock: 0,
      price: 1000,
    });
    expect(await pageAfter(drafted, revised({ tiers }))).toMatchObject({
      title: 'Sorter',
      price: 1500,
      tiers,
      revision: '1',
    });
  });
  it('keeps every version with its verdict', async () => {
    const page = await pageAfter(drafted, uploaded('1.0.0'), scanned('1.0.0', 4, 'blocked'), uploaded('2.0.0'));
    expect(page?.versions).toMatchObject([
      {
        version: '1.0.0',
        state: 'blocked',
        findings: [{ kind: 'x', node: 'Set' }],
        nodeCount: 4,
        previewKey: 'p-1.0.0',
      },
      { version: '2.0.0', state: 'scanning', findings: [], nodeCount: null, uploadedAt: happenedAt(3), notes: 'new' },
    ]);
  });
  it('follows publication, rejection, suspension and retirement', async () => {
    expect(await pageAfter(drafted, submitted)).toMatchObject({ state: 'submitted' });
    const rejected: ProductEvent = {
      type: 'ProductRejected',
      data: { productId, by: 'admin', reasons: ['Too short.'] },
    };
    expect(await pageAfter(drafted, submitted, rejected)).toMatchObject({ state: 'rejected', reasons: ['Too short.'] });
    expect(await pageAfter(drafted, submitted, rejected, submitted)).toMatchObject({ state: 'submitted', reasons: [] });
    expect(await pageAfter(...onSale)).toMatchObject({
      state: 'published',
      saleVersion: '1.0.0',
      publishedAt: happenedAt(4),
    });
    expect(await pageAfter(...onSale, state('ProductSuspended'))).toMatchObject({ state: 'suspended' });
    expect(await pageAfter(...onSale, state('ProductSuspended'), state('ProductReinstated'))).toMatchObject({
      state: 'published',
    });
    expect(await pageAfter(...onSale, state('ProductRetired'))).toMatchObject({
      state: 'retired',
      saleVersion: '1.0.0',
    });
  });
  it('sells the version that was released last, and none that was yanked', async () => {
    const second = [uploaded('2.0.0'), scanned('2.0.0', 7), released('2.0.0')] as const;
    const yanked: ProductEvent = { type: 'VersionYanked', data: { productId, version: '2.0.0' } };
    expect(await pageAfter(...onSale, ...second)).toMatchObject({ saleVersion: '2.0.0', publishedAt: happenedAt(4) });
    expect(await pageAfter(...onSale, ...second, yanked)).toMatchObject({ saleVersion: null });
    expect(await pageAfter(...onSale, ...second, yanked, released('1.0.0'))).toMatchObject({ saleVersion: '1.0.0' });
  });
  it('counts what was sold, without touching its revision', async () => {
    expect(await pageAfter(...onSale)).toMatchObject({ sold: 1, revision: '4' });
  });
});

describe('the card', () => {
  it('is listed while the product is published', async () => {
    expect(await cardAfter(drafted)).toMatchObject({
      listed: false,
      version: null,
      publishedAt: null,
      nodeCount: null,
    });
    expect(await cardAfter(...onSale)).toMatchObject({
      listed: true,
      version: '1.0.0',
      publishedAt: happenedAt(4),
      sold: 1,
    });
    expect(await cardAfter(...onSale, state('ProductSuspended'))).toMatchObject({ listed: false });
    expect(await cardAfter(...onSale, state('ProductSuspended'), state('ProductReinstated'))).toMatchObject({
      listed: true,
    });
    expect(await cardAfter(...onSale, state('ProductRetired'))).toMatchObject({ listed: false });
  });
  it('counts the nodes of the version on sale, not of a newer one', async () => {
    expect(await cardAfter(...onSale, uploaded('2.0.0'), scanned('2.0.0', 7))).toMatchObject({ nodeCount: 4 });
    expect(await cardAfter(...onSale, uploaded('2.0.0'), scanned('2.0.0', 7), released('2.0.0'))).toMatchObject({
      nodeCount: 7,
    });
  });
  it('shows what was revised', async () => {
    expect(await cardAfter(...onSale, revised({ title: 'Better', tags: ['new'] }))).toMatchObject({
      title: 'Better',
      tags: ['new'],
      price: 1000,
    });
  });
});

describe('what search knows', () => {
  it('is the listing, found only while it is on sale', async () => {
    expect(await entryAfter(...onSale)).toEqual({
      ...{ id: productId, title: 'Sorter', description: 'Sorts all.', vendorId: id(31), category: 'office-work' },
      ...{ categoryLabel: 'Office Work', tags: ['invoice'], kind: 'n8n-workflow', worksWith: ['Gmail'], price: 1000 },
      ...{
        currency: 'EUR',
        rating: 0,
        stars: [0, 0, 0, 0, 0],
        sold: 1,
        publishedAt: Date.parse(happenedAt(4)),
        listed: true,
      },
    });
    expect(await entryAfter(drafted)).toMatchObject({ listed: false, publishedAt: 0 });
    expect(await entryAfter(...onSale, state('ProductRetired'))).toMatchObject({ listed: false });
  });
  it('follows revisions, and keeps the day of the first publication', async () => {
    const entry = await entryAfter(
      ...onSale,
      revised({ category: 'Sales', description: 'Sorts more.' }),
      state('ProductSuspended'),
      state('ProductReinstated'),
    );
    expect(entry).toMatchObject({
      category: 'sales',
      categoryLabel: 'Sales',
      description: 'Sorts more.',
      title: 'Sorter',
      publishedAt: Date.parse(happenedAt(4)),
    });
  });
});
