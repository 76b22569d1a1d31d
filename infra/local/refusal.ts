import { z } from 'zod';
import type { Operation } from './api-document.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import type { MarketWorld } from './test-world.ts';

/** RFC 9457, as HTTP.md has it. */
export const problem = z.object({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.number(),
  detail: z.string().min(1),
  code: z.string().min(1),
  requestId: z.string().min(1),
  errors: z.array(z.object({ path: z.string().min(1), message: z.string().min(1) })).optional(),
});
type Problem = z.infer<typeof problem>;

export const json = { 'content-type': 'application/json' };
/** What is sent in the place of the right request's parts. */
export type Sent = {
  readonly method?: Operation['method'];
  readonly path?: string;
  readonly payload?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The right request of a route. */
export const exampleOf = (world: MarketWorld, key: string): ExampleRequest => {
  const example = exampleRequests(world)[key];
  if (example === undefined) throw new Error(`no example of ${key}`);
  return example;
};

/** Sends the right request with what is given in its place. */
export const send = (world: MarketWorld, key: string, { method, path, payload, headers = {} }: Sent) => {
  const example = exampleOf(world, key);
  const { token } = world.as[example.as];
  const below = path ?? example.path;
  return world.system.app.inject({
    method: method ?? (key.split(' ')[0] as Operation['method']),
    url: below.startsWith('//') ? below.slice(1) : `/api/v1${below}`,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
};

/** `path`: the field that is named. */
export type Expected = { readonly status: number; readonly code: string; readonly path?: string };

export const invalid = (path?: string): Expected => ({
  status: 400,
  code: 'INVALID_INPUT',
  ...(path === undefined ? {} : { path }),
});

/** What is wrong with how it was refused; undefined: it was refused as it should be, and nothing was appended. */
export const faultOf = async (
  world: MarketWorld,
  key: string,
  sent: Sent,
  expected: Expected,
): Promise<string | undefined> => {
  const before = await world.system.ports.store.head();
  const response = await send(world, key, sent);
  const after = await world.system.ports.store.head();
  const shown = `${response.statusCode} ${response.body.slice(0, 300)}`;
  if (before !== after) return `appended something and answered ${shown}`;
  if (response.statusCode !== expected.status) return `answered ${shown}`;
  if (!String(response.headers['content-type']).startsWith('application/problem+json'))
    return `answered ${response.headers['content-type']}`;
  const told: Problem = problem.parse(response.json());
  if (told.status !== expected.status || told.code !== expected.code) return `told ${shown}`;
  const names = (path: string): boolean => path === expected.path || path.startsWith(`${expected.path}.`);
  if (expected.path !== undefined && !told.errors?.some(({ path }) => names(path)))
    return `did not name ${expected.path}: ${shown}`;
  return undefined;
};
