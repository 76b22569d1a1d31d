import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Category, type DomainEvent, eventCatalogue } from '../catalogue.ts';
import { deciders } from '../deciders.ts';
import type { EventDefinition, EventTable, JsonObject } from '../event/definition.ts';

// `<category>/<Type>.v<version>.json` holds the data of one event as it was once written (and reads after decryption).
// A file is never changed: a new version of an event brings its upcast and a file of its own.

const tables: Readonly<Record<string, EventTable>> = eventCatalogue;
const categories = Object.keys(deciders).filter((name): name is Category => name in deciders);
const cases = Object.entries(tables).flatMap(([category, table]) =>
  Object.entries(table).flatMap(([type, definition]) =>
    Array.from({ length: definition.version }, (_, i) => ({ category, type, version: i + 1, definition })),
  ),
);
const nameOf = (one: { category: string; type: string; version: number }): string =>
  `${one.category}/${one.type}.v${one.version}.json`;
const stored = (name: string): JsonObject => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const lifted = (data: JsonObject, from: number, definition: EventDefinition<unknown>): JsonObject => {
  if (from === definition.version) return data;
  const lift = definition.upcasts[from];
  if (lift === undefined) throw new Error(`nothing lifts version ${from}`);
  return lifted(lift(data), from + 1, definition);
};
const eventsOf = (category: string): DomainEvent[] =>
  cases
    .filter((one) => one.category === category)
    .map(({ type, version, definition }) => {
      const data = lifted(stored(nameOf({ category, type, version })), version, definition);
      return { type, data: definition.schema.parse(data) } as DomainEvent;
    });

it('every version of every event has an example, and every example an event', () => {
  const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replaceAll('\\', '/'));
  expect(files.sort()).toEqual(cases.map(nameOf).sort());
});

it('every personal field of an event that names a person is a string in some example', () => {
  const at = (data: unknown, path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((inner, key) => (inner instanceof Object ? Reflect.get(inner, key) : undefined), data);
  for (const { category, type, version, definition } of cases) {
    const { subject, fields } = definition.personal ?? { subject: undefined, fields: [] };
    const data = lifted(stored(nameOf({ category, type, version })), version, definition);
    for (const path of subject === undefined ? [] : [subject, ...fields])
      expect([category, type, path, typeof at(data, path)]).toEqual([category, type, path, 'string']);
  }
});

describe.each(cases.map((one) => [nameOf(one), one] as const))('%s', (name, { version, definition }) => {
  it('is lifted to the present version, fits its schema and is whole in it', () => {
    const data = lifted(stored(name), version, definition);
    // Equal: nothing in it that the schema doesn't know, nothing that the schema adds.
    expect(definition.schema.parse(data)).toEqual(data);
  });
  it('survives the way through JSON', () => {
    const data = definition.schema.parse(lifted(stored(name), version, definition));
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });
});

describe.each(categories)('the decider of %s', (category) => {
  const decider = deciders[category];
  const events = eventsOf(category);
  it('is named after its streams', () => expect(decider.category).toBe(category));
  it('takes any example first, after the beginning, and after all others, without changing what it is given', () => {
    const before = JSON.stringify(events);
    for (const event of events) {
      expect(decider.stateAfter([event])).toBeDefined();
      expect(decider.stateAfter([...events.slice(0, 1), event])).toBeDefined();
      expect(decider.stateAfter([...events, event])).toBeDefined();
    }
    expect(JSON.stringify(events)).toBe(before);
  });
  it('begins with its first event', () =>
    expect(decider.stateAfter(events.slice(0, 1))).not.toEqual(decider.stateAfter([])));
});
