import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonSchema, type Operation, operationsOf } from './api-document.ts';
import { beyondContract, contractRoutes, wordLists } from './http-routes.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let operations: readonly Operation[];
beforeAll(async () => {
  system = await startTestSystem();
  operations = await operationsOf(system);
});
afterAll(() => system.dispose());

const words = (text: string): readonly string[] =>
  text
    .split(' ')
    .flatMap((word) => (wordLists[word] ?? word).split(' '))
    .filter((word) => word !== '');

/** The part of a line after its sign, up to the next. */
const after = (line: string, sign: string): readonly string[] => {
  const [, part = ''] = line.split(` ${sign} `);
  return words(part.split(/ [?<>] /)[0] ?? '');
};

const routes = contractRoutes
  .trim()
  .split('\n')
  .map((line) => ({
    key: line.split(/ [?<>] /)[0] ?? '',
    ...{ query: after(line, '?'), body: after(line, '<'), answer: after(line, '>') },
  }));

/** Every field that the schema may have, as dotted paths without the numbers of lists. */
const fieldsOf = (schema: JsonSchema | undefined, prefix = ''): readonly string[] => {
  if (schema === undefined) return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    `${prefix}${name}`,
    ...fieldsOf(inner, `${prefix}${name}.`),
  ]);
  const alternatives = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  return [...own, ...alternatives.flatMap((inner) => fieldsOf(inner, prefix))];
};

const operationOf = (key: string): Operation => {
  const found = operations.find((operation) => operation.key === key);
  if (found === undefined) throw new Error(`the API document has no ${key}`);
  return found;
};
const missing = (wanted: readonly string[], there: readonly string[]): readonly string[] =>
  wanted.filter((name) => !there.includes(name));

describe('the API document and the HTTP contract name the same', () => {
  test('routes, but for those that stand here with their reason', () => {
    const ours = operations.map(({ key }) => key);
    const named = routes.map(({ key }) => key);
    expect({ missing: missing(named, ours), beyond: missing(ours, named) }).toEqual({
      missing: [],
      beyond: Object.keys(beyondContract),
    });
  });

  test.each(routes)('$key', ({ key, query, body, answer }) => {
    const { parameters, requestBody, responses } = operationOf(key);
    const asked = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
    const sent = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema));
    const successes = Object.entries(responses).filter(([status]) => status < '400');
    const told = successes.flatMap(([status, { content }]) => [
      status,
      ...Object.values(content ?? {}).flatMap(({ schema }) => fieldsOf(schema)),
    ]);
    expect({ query: missing(query, asked), body: missing(body, sent), answer: missing(answer, told) }).toEqual({
      ...{ query: [], body: [], answer: [] },
    });
  });

  test('what every command answers and every list takes', () => {
    const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));
    expect(
      lists.flatMap(({ key, parameters }) => (parameters.some(({ name }) => name === 'limit') ? [] : [key])),
    ).toEqual([]);
  });

  test('the pages beside the API', async () => {
    for (const url of ['/openapi.json', '/docs', '/health/live', '/health/ready'])
      expect([url, (await system.app.inject(url)).statusCode]).toEqual([url, 200]);
  });
});

test('every route has a name of its own, says who may call it, and describes all its refusals', async () => {
  const { paths } = (await system.app.inject('/openapi.json')).json();
  const described = Object.values(paths).flatMap((item) => Object.values(Object(item)));
  const ids = described.map((operation) => Object(operation).operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const operation of described)
    expect(operation).toMatchObject({
      'x-access': { roles: expect.anything(), apiKeyScopes: expect.any(Array) },
      responses: { 400: expect.anything(), 429: expect.anything(), 500: expect.anything() },
    });
});
