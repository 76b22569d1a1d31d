import { eventCatalogue } from '../../domain/catalogue.ts';

const typesOf = new Map<string, ReadonlySet<string>>(
  Object.entries(eventCatalogue).map(([category, table]) => [category, new Set(Object.keys(table))]),
);

/** The stream categories in which any of these event types can stand. */
export const categoriesOf = (types: Iterable<string>): readonly string[] => {
  const wanted = [...types];
  return [...typesOf].filter(([, known]) => wanted.some((type) => known.has(type))).map(([category]) => category);
};

/** Whether this release knows the event type in streams of this category. */
export const isKnown = (category: string, type: string): boolean => typesOf.get(category)?.has(type) ?? false;
