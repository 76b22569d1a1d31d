import type { z } from 'zod';

/** Plain JSON as it is stored. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Members that are undefined are not stored. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * One event type of a category. `version` is what is written today; `upcasts[n]` lifts stored data of version n to
 * n + 1 (pure). `personal` names what is encrypted under the key of the person whose account id stands in `subject`.
 */
export type EventDefinition<Data> = {
  readonly version: number;
  readonly schema: z.ZodType<Data>;
  readonly upcasts: Readonly<Record<number, (data: JsonObject) => JsonObject>>;
  readonly personal?: { readonly subject: string; readonly fields: readonly string[] } | undefined;
};

/** Defines an event type. Personal fields are dotted paths to strings inside the data; absent ones are passed over. */
export const event = <Data>(
  version: number,
  schema: z.ZodType<Data>,
  options: {
    readonly upcasts?: Readonly<Record<number, (data: JsonObject) => JsonObject>>;
    readonly personal?: { readonly subject: string; readonly fields: readonly string[] };
  } = {},
): EventDefinition<Data> => ({ version, schema, upcasts: options.upcasts ?? {}, personal: options.personal });

export type EventTable = Readonly<Record<string, EventDefinition<unknown>>>;

/** The union of the events of a table (or of several): `{ type, data }`. */
export type EventOf<Table extends EventTable> = Table extends EventTable
  ? {
      [Type in keyof Table & string]: {
        readonly type: Type;
        readonly data: Table[Type] extends EventDefinition<infer Data> ? Data : never;
      };
    }[keyof Table & string]
  : never;

/** What a personal field reads after its person was erased. */
export const ERASED = '[erased]';
