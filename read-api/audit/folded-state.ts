import type { Category, DomainEvent } from '../../domain/catalogue.ts';
import { deciders } from '../../domain/deciders.ts';
import type { Json, JsonObject } from '../../domain/event/definition.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { personalMarks, sealedMarks } from './personal-marks.ts';
import { withPersonal } from './seal.ts';

/** Streams of these categories exist. */
export const categories = Object.keys(deciders);
const isCategory = (category: string): category is Category => Object.hasOwn(deciders, category);

/** The entries of a `Keyed`, which is told by its shape: nothing else in a state is lists of pairs alone. */
const keyedEntries = (value: object): readonly (readonly [key: string, value: unknown])[] | undefined => {
  const [name, ...others] = Object.keys(value);
  if (others.length > 0) return undefined;
  if (name === 'entries' && 'entries' in value && Array.isArray(value.entries)) {
    const pairs = value.entries.every((entry) => Array.isArray(entry) && entry.length === 2);
    return pairs ? value.entries : undefined;
  }
  if (name !== 'branches' || !('branches' in value) || !Array.isArray(value.branches)) return undefined;
  return value.branches.flatMap((branch) => keyedEntries(branch) ?? []);
};

/** Any state as JSON: maps as objects, sets as lists, bigints as text. */
const jsonOf = (value: unknown): Json | undefined => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set || Array.isArray(value)) return [...value].map((item) => jsonOf(item) ?? null);
  const entries = value instanceof Map ? [...value] : typeof value === 'object' ? keyedEntries(value) : undefined;
  if (entries !== undefined) return Object.fromEntries(entries.map(([key, item]) => [String(key), jsonOf(item)]));
  if (typeof value !== 'object') return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
};

/**
 * The state that the category's rules fold from these events, as JSON. Each personal value stands as a mark of its own (see
 * `personalMarks`), so that the rules still tell two machines apart: pass what is shown of it through `sealedMarks`.
 */
export const markedState = (category: string, events: readonly Recorded<DomainEvent>[]): Json | undefined => {
  if (!isCategory(category)) return undefined;
  const markOf = personalMarks();
  const marked = events.map((event): DomainEvent => {
    const data: JsonObject = withPersonal(category, event.type, event.data, markOf);
    return { type: event.type, data } as DomainEvent;
  });
  return jsonOf(deciders[category].stateAfter(marked));
};

/** The same, personal fields sealed. */
export const foldedState = (category: string, events: readonly Recorded<DomainEvent>[]): Json | undefined => {
  const state = markedState(category, events);
  return state === undefined ? undefined : sealedMarks(state);
};
