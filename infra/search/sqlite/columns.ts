import type { SearchEntry } from '../port.ts';

/** What facets, filters and sorting need of a listed entry, and its length in words. */
export type Facts = Omit<SearchEntry, 'title' | 'description' | 'listed'> & { readonly length: number };

/** Strings as small numbers, in the order of their first appearance, with a label each. */
export type Dictionary = {
  code(value: string, label?: string): number;
  find(value: string): number | undefined;
  value(code: number): string;
  label(code: number): string;
  size(): number;
};

const dictionary = (): Dictionary => {
  const codes = new Map<string, number>();
  const values: string[] = [];
  const labels: string[] = [];
  return {
    code: (value, label = value) => {
      const known = codes.get(value);
      const code = known ?? values.push(value) - 1;
      if (known === undefined) codes.set(value, code);
      labels[code] = label;
      return code;
    },
    find: (value) => codes.get(value),
    value: (code) => values[code] ?? '',
    label: (code) => labels[code] ?? '',
    size: () => values.length,
  };
};

type Numbers = Float64Array | Uint32Array | Uint8Array;
const grown = <T extends Numbers>(old: T, fresh: T): T => {
  fresh.set(old);
  return fresh;
};

/** The facts of all entries as columns indexed by row: about 80 bytes an entry beside its tags and its id. */
export class Columns {
  readonly categories = dictionary();
  readonly kinds = dictionary();
  readonly vendors = dictionary();
  readonly currencies = dictionary();
  readonly tagNames = dictionary();
  readonly services = dictionary();
  /** Id of the entry in each row; undefined: no entry. */
  readonly ids: (string | undefined)[] = [];
  readonly tags: (readonly number[])[] = [];
  readonly worksWith: (readonly number[])[] = [];
  category = new Uint32Array(1024);
  kind = new Uint32Array(1024);
  vendor = new Uint32Array(1024);
  currency = new Uint32Array(1024);
  length = new Uint32Array(1024);
  price = new Float64Array(1024);
  rating = new Float64Array(1024);
  sold = new Float64Array(1024);
  publishedAt = new Float64Array(1024);
  #entries = 0;
  #words = 0;

  entries(): number {
    return this.#entries;
  }

  /** Mean length of an entry in words, at least 1. */
  meanLength(): number {
    return this.#entries === 0 ? 1 : Math.max(1, this.#words / this.#entries);
  }

  put(row: number, facts: Facts): void {
    this.remove(row);
    if (row >= this.category.length) this.#grow(Math.max(row + 1, this.category.length * 2));
    this.ids[row] = facts.id;
    this.category[row] = this.categories.code(facts.category, facts.categoryLabel);
    this.kind[row] = this.kinds.code(facts.kind);
    this.vendor[row] = this.vendors.code(facts.vendorId);
    this.currency[row] = this.currencies.code(facts.currency);
    this.tags[row] = [...new Set(facts.tags)].map((tag) => this.tagNames.code(tag));
    this.worksWith[row] = [...new Set(facts.worksWith)].map((service) => this.services.code(service));
    this.length[row] = facts.length;
    this.price[row] = facts.price;
    this.rating[row] = facts.rating;
    this.sold[row] = facts.sold;
    this.publishedAt[row] = facts.publishedAt;
    this.#entries += 1;
    this.#words += facts.length;
  }

  remove(row: number): void {
    if (this.ids[row] === undefined) return;
    this.ids[row] = undefined;
    this.#entries -= 1;
    this.#words -= this.length[row] ?? 0;
  }

  /** All rows with an entry, ascending. */
  rows(): Uint32Array {
    const rows = new Uint32Array(this.#entries);
    let n = 0;
    for (let row = 0; row < this.ids.length; row += 1) if (this.ids[row] !== undefined) rows[n++] = row;
    return rows;
  }

  #grow(size: number): void {
    this.category = grown(this.category, new Uint32Array(size));
    this.kind = grown(this.kind, new Uint32Array(size));
    this.vendor = grown(this.vendor, new Uint32Array(size));
    this.currency = grown(this.currency, new Uint32Array(size));
    this.length = grown(this.length, new Uint32Array(size));
    this.price = grown(this.price, new Float64Array(size));
    this.rating = grown(this.rating, new Float64Array(size));
    this.sold = grown(this.sold, new Float64Array(size));
    this.publishedAt = grown(this.publishedAt, new Float64Array(size));
  }
}
