import type { Json, JsonObject } from '../../domain/event/definition.ts';

/** `before` or `after` is absent where there was or is nothing. */
export type Change = { readonly path: string; readonly before?: Json; readonly after?: Json };

type Members = ReadonlyMap<string, Json>;

/** The members of an object, or of a list by index. */
const membersOf = (value: JsonObject | readonly Json[]): Members =>
  new Map(
    Object.entries(value).flatMap(([name, member]): [string, Json][] => (member === undefined ? [] : [[name, member]])),
  );
const isContainer = (value: Json | undefined): value is JsonObject | readonly Json[] =>
  typeof value === 'object' && value !== null;

/** What differs between two JSON values, by dotted path (`''`: the whole), the deepest that tells it. */
export const jsonChanges = (before: Json | undefined, after: Json | undefined, path = ''): readonly Change[] => {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const [old, now] = [membersOf(before), membersOf(after)];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
      jsonChanges(old.get(name), now.get(name), path === '' ? name : `${path}.${name}`),
    );
  }
  if (before === after) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
};
