import type { z } from 'zod';
import type { EventDefinition } from '../../domain/event/definition.ts';

/** The catalogue as it is looked up: category → type → definition. Maps, so that no name of a prototype is found. */
export type Definitions = ReadonlyMap<string, ReadonlyMap<string, EventDefinition<unknown>>>;

/** The first thing wrong, `<where>.<path>: <message>`. Messages of zod name types and rules, never the value. */
export const firstIssue = (where: string, error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? where : `${[where, ...issue.path].join('.')}: ${issue.message}`;
};
