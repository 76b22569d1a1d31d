import { describe, expect, it } from 'vitest';
import { DomainError, type FieldError } from '../errors.ts';
import { productEvents } from './events.ts';
import { type ListingBody, listingChanges, listingFrom, type TierBody } from './listing.ts';

const id = '0190a1b2-0000-7000-8000-0000000000b1';
const usd = (amount: number) => ({ amount, currency: 'USD' });
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const tier = (id: string, amount: number): TierBody => ({ id, name: id, price: usd(amount), activationLimit: 5 });
const body: ListingBody = {
  title: 'Invoice sorter',
  description: 'Sorts invoices. Then rests.',
  kind: 'n8n-workflow',
  category: 'Finance',
  tags: ['Invoices'],
  price: usd(1999),
};
const { price: _, ...unpriced } = body;
const errorsOf = (work: () => unknown): readonly FieldError[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'INVALID_INPUT') return error.details.errors ?? [];
    throw error;
  }
  throw new Error('expected a refusal');
};
const paths = (work: () => unknown): string[] => errorsOf(work).map((e) => e.path);

describe('a listing', () => {
  it('has one standard tier where only a price is given', () =>
    expect(listingFrom(body)).toEqual({
      title: 'Invoice sorter',
      summary: 'Sorts invoices.',
      description: 'Sorts invoices. Then rests.',
      integrations: [],
      kind: 'n8n-workflow',
      category: 'Finance',
      tags: ['invoices'],
      currency: 'USD',
      tiers: [{ id: 'standard', name: 'Standard', price: 1999, activationLimit: 3 }],
      stock: null,
    }));
  it('keeps the tiers in their order, prices in minor units', () =>
    expect(
      listingFrom({ ...unpriced, licenseTiers: [tier('team', 4900), { ...tier('solo', 900), validDays: 365 }] }),
    ).toMatchObject({
      currency: 'USD',
      tiers: [
        { id: 'team', name: 'team', price: 4900, activationLimit: 5 },
        { id: 'solo', name: 'solo', price: 900, activationLimit: 5, validDays: 365 },
      ],
    }));
  it('trims its texts and drops doubles', () =>
    expect(
      listingFrom({
        ...body,
        title: '  Invoice \n sorter ',
        category: ' Finance ',
        integrations: [' Gmail', 'Gmail', ''],
        tags: ['Lead Gen', 'lead gen', '#lead-gen', '!', 'AI'],
      }),
    ).toMatchObject({
      title: 'Invoice sorter',
      category: 'Finance',
      integrations: ['Gmail'],
      tags: ['lead-gen', 'ai'],
    }));
  it('keeps the summary that was given, and makes one of the description where it is blank', () => {
    expect(listingFrom({ ...body, summary: ' Short. ' }).summary).toBe('Short.');
    expect(listingFrom({ ...body, summary: '  ' }).summary).toBe('Sorts invoices.');
  });
  it('keeps the stock', () => expect(listingFrom({ ...body, stock: 0 }).stock).toBe(0));
});

describe('a bad listing is refused, naming every field', () => {
  it.each(['', '   ', 'x'.repeat(121)])('a title of 1 to 120 characters', (title) =>
    expect(paths(() => listingFrom({ ...body, title }))).toEqual(['title']),
  );
  it('a title of exactly 120 is fine', () =>
    expect(listingFrom({ ...body, title: `  ${'x'.repeat(120)} ` }).title).toHaveLength(120));
  it('neither price nor tiers', () => expect(paths(() => listingFrom(unpriced))).toEqual(['price']));
  it('no tier in the list', () =>
    expect(paths(() => listingFrom({ ...body, licenseTiers: [] }))).toEqual(['licenseTiers']));
  it('a tier id twice, or blank', () =>
    expect(paths(() => listingFrom({ ...unpriced, licenseTiers: [tier('a', 1), tier('a', 2), tier(' ', 3)] }))).toEqual(
      ['licenseTiers.1.id', 'licenseTiers.2.id'],
    ));
  it('tiers of several currencies', () =>
    expect(
      paths(() => listingFrom({ ...unpriced, licenseTiers: [tier('a', 1), { ...tier('b', 2), price: eur(2) }] })),
    ).toEqual(['licenseTiers.1.price.currency']));
  it('a price in another currency than its tiers', () =>
    expect(paths(() => listingFrom({ ...body, price: eur(1), licenseTiers: [tier('a', 1)] }))).toEqual([
      'licenseTiers.0.price.currency',
    ]));
  it('a price that is not the cheapest tier’s', () => {
    expect(paths(() => listingFrom({ ...body, price: usd(2), licenseTiers: [tier('a', 1), tier('b', 2)] }))).toEqual([
      'price.amount',
    ]);
    expect(
      listingFrom({ ...body, price: usd(1), licenseTiers: [tier('a', 1), tier('b', 2)] }).tiers.map((t) => t.price),
    ).toEqual([1, 2]);
  });
  it('all of it at once', () =>
    expect(paths(() => listingFrom({ ...unpriced, title: '', licenseTiers: [tier('a', 1), tier('a', 1)] }))).toEqual([
      'title',
      'licenseTiers.1.id',
    ]));
});

describe('changes', () => {
  const listing = listingFrom(body);
  const tiered = listingFrom({ ...unpriced, licenseTiers: [tier('a', 100), tier('b', 200)] });

  it('are only what differs', () => {
    expect(listingChanges({ title: ' Invoice sorter', category: 'Office' }, listing)).toEqual({ category: 'Office' });
    expect(listingChanges({ ...body }, listing)).toEqual({});
  });
  it('are none where the same tiers come again, also after the log', () => {
    const licenseTiers = [{ validDays: 30, ...tier('a', 100) }, tier('b', 200)];
    const data = { productId: id, vendorId: id, slug: 'x', ...listingFrom({ ...unpriced, licenseTiers }) };
    expect(listingChanges({ licenseTiers }, productEvents.ProductDrafted.schema.parse(data))).toEqual({});
  });
  it('of the description bring a made summary along', () =>
    expect(listingChanges({ description: 'New words. More.' }, listing)).toEqual({
      summary: 'New words.',
      description: 'New words. More.',
    }));
  it('of the description leave a written summary alone', () =>
    expect(listingChanges({ description: 'New words. More.' }, { ...listing, summary: 'Mine.' })).toEqual({
      description: 'New words. More.',
    }));
  it('of the price change the only tier and nothing else of it', () =>
    expect(
      listingChanges({ price: eur(5) }, { ...listing, tiers: [{ id: 'a', name: 'A', price: 1, activationLimit: 9 }] }),
    ).toEqual({ currency: 'EUR', tiers: [{ id: 'a', name: 'A', price: 5, activationLimit: 9 }] }));
  it('of the price of several tiers may only repeat the cheapest', () => {
    expect(listingChanges({ price: usd(100) }, tiered)).toEqual({});
    expect(paths(() => listingChanges({ price: usd(99) }, tiered))).toEqual(['price']);
    expect(paths(() => listingChanges({ price: eur(100) }, tiered))).toEqual(['price']);
  });
  it('of the tiers replace them all', () => {
    expect(listingChanges({ licenseTiers: [tier('c', 7)] }, tiered)).toEqual({
      tiers: [{ id: 'c', name: 'c', price: 7, activationLimit: 5 }],
    });
    expect(paths(() => listingChanges({ licenseTiers: [] }, tiered))).toEqual(['licenseTiers']);
    expect(paths(() => listingChanges({ title: '' }, tiered))).toEqual(['title']);
  });
  it('of the stock are a setting even when the number is the same; no limit stays no limit', () => {
    expect(listingChanges({ stock: 5 }, { ...listing, stock: 5 })).toEqual({ stock: 5 });
    expect(listingChanges({ stock: null }, { ...listing, stock: 5 })).toEqual({ stock: null });
    expect(listingChanges({ stock: null }, listing)).toEqual({});
  });
});
