import type { JsonObject } from '../../domain/event/definition.ts';

/** A comparison of one field; a plain value means equality. Fields are dotted paths. */
export type Comparison =
  | string
  | number
  | boolean
  | null
  | { readonly in: readonly (string | number)[] }
  | {
      readonly gt?: string | number;
      readonly gte?: string | number;
      readonly lt?: string | number;
      readonly lte?: string | number;
    };

export type Where = { readonly [field: string]: Comparison };

export type DocumentQuery = {
  readonly where?: Where;
  /** Sort fields, most significant first; the id is always the last tie-breaker, ascending. */
  readonly order?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  /** Sort values and id of the last document of the page before: the next page starts strictly after it. */
  readonly after?: { readonly values: readonly (string | number | null)[]; readonly id: string };
  readonly limit: number;
};

export type Found = { readonly id: string; readonly document: JsonObject };

/**
 * The read side of the read models: always the generation that readers see, of the projection named.
 * Fields that queries filter or sort by are declared as indexes in the projection's definition.
 */
export type Documents = {
  get(projection: string, id: string): Promise<JsonObject | undefined>;
  getMany(projection: string, ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
  find(projection: string, query: DocumentQuery): Promise<readonly Found[]>;
  count(projection: string, where?: Where): Promise<number>;
  /** The checkpoint of the generation that readers see; undefined before the first event. */
  position(projection: string): Promise<bigint | undefined>;
  /**
   * Grows whenever what readers see of any of these projections may have changed: a write, a switch of generations, an erasure.
   * While it stands still, the same query has the same answer.
   */
  changes(projections: readonly string[]): number;
};

/** Waits for read models (read-your-writes). */
export type ReadModelClock = {
  /** True once every projection named has handled `position`; false after `timeoutMs` or when `signal` aborts. */
  reached(projections: readonly string[], position: bigint, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
};
