import type { RouteOptions } from 'fastify';
import { z } from 'zod';
import { type ErrorCode, errorTable } from '../domain/errors.ts';
import type { Access, HonouredHeader, SentHeader } from '../infra/http/port.ts';

/** What is said of a route where it is registered. */
export type DeclaredRoute = Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'>;

/** What a route promises, all of it: nothing is answered that is not here. */
export type Promises = {
  readonly access: Access;
  readonly bodyRequired: boolean;
  /** Ascending. */
  readonly successes: readonly number[];
  /** By status, ascending. */
  readonly refusals: ReadonlyMap<number, readonly ErrorCode[]>;
  readonly honours: readonly HonouredHeader[];
  readonly sends: readonly SentHeader[];
};

const readOnly: readonly string[] = ['GET', 'HEAD'];

export const isCommand = ({ method }: DeclaredRoute): boolean =>
  ![method].flat().every((one) => readOnly.includes(one));

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

const accessCodes = (access: Access, command: boolean): readonly ErrorCode[] => [
  ...(access === 'anyone' ? [] : (['UNAUTHENTICATED', 'SCOPE_MISSING'] as const)),
  ...(access !== 'anyone' && command ? (['CSRF_FAILED'] as const) : []),
  ...(typeof access === 'object' ? (['FORBIDDEN'] as const) : []),
];

const bodyCodes = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'REQUEST_TIMEOUT'] as const;
/** Anything may be asked for wrongly or too often, and anything may break. */
const commonCodes = ['INVALID_INPUT', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'] as const;

const byStatus = (codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> => {
  const sorted = [...new Set(codes)].toSorted((a, b) => errorTable[a][0] - errorTable[b][0]);
  return Map.groupBy(sorted, (code) => errorTable[code][0]);
};

/** Everything that follows from a route's declaration: its schemas, who may call it, and its contract. */
export const promisesOf = (route: DeclaredRoute): Promises => {
  const { access = { roles: [] }, contract = {} } = route.config ?? {};
  const { schema = {} } = route;
  const command = isCommand(route);
  const namesThing = route.url.includes(':');
  return {
    access,
    bodyRequired: isSchema(schema.body) && !schema.body.safeParse(undefined).success,
    successes: Object.keys(schema.response ?? {}).map(Number),
    refusals: byStatus([
      ...commonCodes,
      ...accessCodes(access, command),
      ...(command ? bodyCodes : []),
      ...(namesThing ? (['NOT_FOUND'] as const) : []),
      ...(contract.refuses ?? []),
    ]),
    honours: contract.honours ?? [],
    sends: contract.sends ?? [],
  };
};
