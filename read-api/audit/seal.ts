import { eventCatalogue } from '../../domain/catalogue.ts';
import { ERASED, type EventTable, type Json, type JsonObject } from '../../domain/event/definition.ts';

/** What an auditor reads in the place of a personal field. */
export const SEALED = '[sealed]';

const tables: Readonly<Record<string, EventTable>> = eventCatalogue;
const personal: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map(
  Object.entries(tables).map(([category, table]) => [
    category,
    new Map(Object.entries(table).map(([type, definition]) => [type, definition.personal?.fields ?? []])),
  ]),
);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const changedAt = (data: JsonObject, path: readonly string[], change: (value: string) => string): JsonObject => {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(data, head)) return data;
  const value = data[head];
  if (rest.length > 0) return isObject(value) ? { ...data, [head]: changedAt(value, rest, change) } : data;
  return typeof value === 'string' && value !== ERASED ? { ...data, [head]: change(value) } : data;
};

/** The data of an event with each personal field changed; what is erased stays `[erased]`. */
export const withPersonal = (
  category: string,
  type: string,
  data: JsonObject,
  change: (value: string) => string,
): JsonObject =>
  (personal.get(category)?.get(type) ?? []).reduce(
    (changed, path) => changedAt(changed, path.split('.'), change),
    data,
  );

/** The data of an event as auditors read it. */
export const sealed = (category: string, type: string, data: JsonObject): JsonObject =>
  withPersonal(category, type, data, () => SEALED);
