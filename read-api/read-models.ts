import type { Json, JsonObject } from '../domain/event/definition.ts';
import type { DocumentQuery, Documents, Where } from '../infra/documents/port.ts';
import type { Projection } from '../projections/definition.ts';
import { type CursorValue, decodeCursor, encodeCursor } from './cursor.ts';

export type PageQuery = {
  readonly where: Where;
  readonly order: NonNullable<DocumentQuery['order']>;
  readonly limit: number;
  readonly cursor?: string | undefined;
};
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** Documents with the type that their projection folds. */
export type ReadModels = {
  get<Doc extends JsonObject>(of: Projection<Doc>, id: string): Promise<Doc | undefined>;
  getMany<Doc extends JsonObject>(of: Projection<Doc>, ids: readonly string[]): Promise<ReadonlyMap<string, Doc>>;
  find<Doc extends JsonObject>(of: Projection<Doc>, query: DocumentQuery): Promise<readonly Doc[]>;
  /** One page of a list. @throws DomainError INVALID_CURSOR */
  page<Doc extends JsonObject>(of: Projection<Doc>, query: PageQuery): Promise<Page<Doc>>;
  /** All that match, page after page as they are taken. @throws DomainError INVALID_CURSOR */
  each<Doc extends JsonObject>(of: Projection<Doc>, query: Omit<PageQuery, 'limit'>): AsyncGenerator<Doc>;
};

const scanned = 500;

/** What a sink was given is what it gives back: the one place where stored documents get their type. */
const typed = <Doc extends JsonObject>(_: Projection<Doc>, document: JsonObject): Doc => document as Doc;
const typedAll = <Doc extends JsonObject>(_: Projection<Doc>, documents: ReadonlyMap<string, JsonObject>) =>
  documents as ReadonlyMap<string, Doc>;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valueAt = (document: JsonObject, field: string): CursorValue => {
  let at: Json | undefined = document;
  for (const name of field.split('.')) at = isObject(at) ? at[name] : undefined;
  return typeof at === 'string' || typeof at === 'number' ? at : null;
};

/** Reads documents through the port, by projection. */
export const readModels = (documents: Documents): ReadModels => {
  const page = async <Doc extends JsonObject>(of: Projection<Doc>, query: PageQuery): Promise<Page<Doc>> => {
    const { where, order, limit, cursor } = query;
    const list = `${of.name}:${order.map(({ field, direction }) => `${field} ${direction}`).join(',')}`;
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, order.length);
    const found = await documents.find(of.name, {
      where,
      order,
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(({ document }) => typed(of, document)),
      nextCursor:
        last === undefined || found.length <= limit
          ? null
          : encodeCursor(list, { values: order.map(({ field }) => valueAt(last.document, field)), id: last.id }),
    };
  };

  return {
    page,
    get: async (of, id) => {
      const document = await documents.get(of.name, id);
      return document === undefined ? undefined : typed(of, document);
    },
    getMany: async (of, ids) => {
      if (ids.length === 0) return new Map();
      return typedAll(of, await documents.getMany(of.name, [...new Set(ids)]));
    },
    find: async (of, query) => (await documents.find(of.name, query)).map(({ document }) => typed(of, document)),
    each: async function* (of, query) {
      for (let cursor = query.cursor ?? null, first = true; first || cursor !== null; first = false) {
        const { items, nextCursor } = await page(of, {
          ...query,
          limit: scanned,
          ...(cursor === null ? {} : { cursor }),
        });
        yield* items;
        cursor = nextCursor;
      }
    },
  };
};
