import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Operation, operationsOf } from './api-document.ts';
import { brokenBodies } from './broken-bodies.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import { type MarketWorld, startMarketWorld } from './test-world.ts';

const problem = z.object({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.number(),
  detail: z.string().min(1),
  code: z.string().min(1),
  requestId: z.string().min(1),
  errors: z.array(z.object({ path: z.string().min(1), message: z.string().min(1) })).optional(),
});
type Problem = z.infer<typeof problem>;

let world: MarketWorld;
let operations: readonly Operation[];
let examples: Readonly<Record<string, ExampleRequest>>;

beforeAll(async () => {
  world = await startMarketWorld();
  operations = await operationsOf(world.system);
  examples = exampleRequests(world);
});
afterAll(() => world.system.dispose());

const json = { 'content-type': 'application/json' };
type Sent = {
  readonly method?: Operation['method'];
  readonly path?: string;
  readonly payload?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
};

const exampleOf = (key: string): ExampleRequest => {
  const example = examples[key];
  if (example === undefined) throw new Error(`no example of ${key}`);
  return example;
};

/** Sends what is given in the place of the right request's parts. */
const send = (key: string, { method, path, payload, headers = {} }: Sent) => {
  const example = exampleOf(key);
  const { token } = world.as[example.as];
  const below = path ?? example.path;
  return world.system.app.inject({
    method: method ?? (key.split(' ')[0] as Operation['method']),
    url: below.startsWith('//') ? below.slice(1) : `/api/v1${below}`,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
};

/** What is wrong with how it was refused; undefined: it was refused as it should be, and nothing was appended. */
const faultOf = async (
  key: string,
  sent: Sent,
  expected: { readonly status: number; readonly code: string; readonly path?: string },
): Promise<string | undefined> => {
  const before = await world.system.ports.store.head();
  const response = await send(key, sent);
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

const commandsWith = (body: 'json' | 'any'): readonly Operation[] =>
  operations.filter(
    ({ method, requestBody }) =>
      method !== 'GET' && (body === 'any' || requestBody?.content['application/json'] !== undefined),
  );

/** Sends `cases` of every command and gathers all that go wrong, so that one run tells everything. */
const expectNoFault = async (
  of: readonly Operation[],
  cases: (operation: Operation) => readonly {
    readonly what: string;
    readonly sent: Sent;
    readonly expected: Parameters<typeof faultOf>[2];
  }[],
): Promise<void> => {
  const faults: string[] = [];
  let count = 0;
  for (const operation of of)
    for (const { what, sent, expected } of cases(operation)) {
      count += 1;
      const fault = await faultOf(operation.key, sent, expected);
      if (fault !== undefined) faults.push(`${operation.key}, ${what}: ${fault}`);
    }
  expect(count).toBeGreaterThan(0);
  expect(faults).toEqual([]);
};

const invalid = (path?: string) => ({ status: 400, code: 'INVALID_INPUT', ...(path === undefined ? {} : { path }) });
/** The right body and its headers. */
const partsOf = (
  key: string,
): { readonly payload: string | Buffer; readonly headers: Readonly<Record<string, string>> } => {
  const { body, raw } = exampleOf(key);
  return { payload: raw?.payload ?? JSON.stringify(body ?? {}), headers: raw?.headers ?? json };
};
const bodyText = (key: string): string => JSON.stringify(exampleOf(key).body);

test('every route of the API document has its example here', () => {
  expect(Object.keys(examples).toSorted()).toEqual(operations.map(({ key }) => key).toSorted());
});

describe('a JSON body is refused, named, and appends nothing', () => {
  test('one field missing, of a wrong type, unknown, too large, too small, or no number that can be kept', async () => {
    await expectNoFault(commandsWith('json'), ({ key, requestBody }) => {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema === undefined) throw new Error(`${key} has no schema`);
      return brokenBodies(schema, exampleOf(key).body).map(({ what, path, json: payload }) => ({
        ...{ what: `${path} ${what}`, sent: { payload, headers: json } },
        expected: invalid(path),
      }));
    });
  });

  test('broken JSON', async () => {
    const broken = (text: string): readonly string[] => [
      '{',
      text.slice(0, -1),
      `${text}${text}`,
      `${text},`,
      "{'a':1}",
      '{a:1}',
      '{"a":NaN}',
      '{"a":Infinity}',
      '{"a":-}',
      '{"a":01}',
      '{"a":"\u0000"}',
      '{"a":"\n"}',
      '\ufeff',
      'undefined',
      ' ',
    ];
    await expectNoFault(commandsWith('json'), ({ key }) =>
      broken(bodyText(key)).map((payload) => ({
        ...{ what: payload.slice(0, 40), sent: { payload, headers: json } },
        expected: { status: 400, code: 'INVALID_JSON' },
      })),
    );
  });

  test('invalid UTF-8', async () => {
    const invalidBytes = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0xaf]];
    await expectNoFault(commandsWith('json'), () =>
      invalidBytes.map((bytes) => ({
        what: bytes.map((byte) => byte.toString(16)).join(' '),
        sent: { payload: Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]), headers: json },
        expected: { status: 400, code: 'INVALID_JSON' },
      })),
    );
  });

  test('larger than the limit', async () => {
    const payload = `{"a":"${'x'.repeat(1_048_577)}"}`;
    await expectNoFault(commandsWith('json'), () => [
      {
        ...{ what: 'a body over 1 MiB', sent: { payload, headers: json } },
        expected: { status: 413, code: 'PAYLOAD_TOO_LARGE' },
      },
    ]);
  });

  test('another content type', async () => {
    const types = [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      'json',
      '',
    ];
    await expectNoFault(commandsWith('json'), ({ key }) =>
      types.map((type) => ({
        ...{ what: `'${type}'`, sent: { payload: bodyText(key), headers: { 'content-type': type } } },
        expected: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
      })),
    );
  });

  test('no body, an empty one and null, where a field is needed', async () => {
    const needy = commandsWith('json').filter(
      ({ requestBody }) => (requestBody?.content['application/json']?.schema?.required ?? []).length > 0,
    );
    await expectNoFault(needy, () => [
      { what: 'no body', sent: {}, expected: invalid() },
      { what: 'an empty body', sent: { payload: '', headers: json }, expected: invalid() },
      { what: 'null', sent: { payload: 'null', headers: json }, expected: invalid('(body)') },
    ]);
  });

  test('100,000 levels deep', async () => {
    const levels = 100_000;
    const nested = [
      { path: '(body)', payload: '['.repeat(levels) + ']'.repeat(levels) },
      { path: 'a', payload: `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}` },
    ];
    await expectNoFault(commandsWith('json'), () =>
      nested.map(({ path, payload }) => ({
        what: payload.slice(0, 10),
        sent: { payload, headers: json },
        expected: invalid(path),
      })),
    );
  });

  test('a thousand unknown fields are refused in an answer that is no larger than the question', async () => {
    const payload = JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`unknown${i}`, i])));
    const { statusCode, body } = await send('POST /orders', { payload, headers: json });
    expect(statusCode).toBe(400);
    expect(body.length).toBeLessThan(payload.length);
  });
});

describe('what is around the body is refused, named, and appends nothing', () => {
  test('an id in the path that is none', async () => {
    const withId = commandsWith('any').filter(({ key }) => /\{(id|payoutId)\}/.test(key));
    const noIds = ['1', 'x', '%00', '7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4', `${'7'.repeat(300)}`, '..%2F..', 'null'];
    await expectNoFault(withId, ({ key }) => {
      const parts = key.split(' ')[1]?.split('/') ?? [];
      const given = exampleOf(key).path.split('/');
      return noIds.flatMap((noId) =>
        parts.flatMap((part, i) =>
          part === '{id}' || part === '{payoutId}'
            ? [
                {
                  what: `${part} ${noId.slice(0, 40)}`,
                  sent: { ...partsOf(key), path: given.with(i, noId).join('/') },
                  expected: invalid(),
                },
              ]
            : [],
        ),
      );
    });
  });

  test('a path that is not percent-encoded', async () => {
    const withParams = commandsWith('any').filter(({ key }) => key.includes('{'));
    await expectNoFault(withParams, ({ key }) => {
      const at = (key.split(' ')[1]?.split('/') ?? []).findIndex((part) => part.startsWith('{'));
      return ['%', '%zz', '%c3%28', '%ff'].map((bad) => ({
        what: bad,
        sent: { path: exampleOf(key).path.split('/').with(at, bad).join('/'), payload: '{}', headers: json },
        expected: invalid(),
      }));
    });
  });

  test('a query parameter that the route does not know, once and twice', async () => {
    await expectNoFault(operations, ({ key }) => {
      const { path, body, raw } = exampleOf(key);
      const payload = raw?.payload ?? (body === undefined ? undefined : JSON.stringify(body));
      const headers = raw?.headers ?? (body === undefined ? {} : json);
      return ['surprise=1', 'surprise=1&surprise=2', '__proto__=1', 'constructor=1'].map((query) => ({
        what: query,
        sent: {
          ...{ path: `${path}${path.includes('?') ? '&' : '?'}${query}`, headers },
          ...(payload === undefined ? {} : { payload }),
        },
        expected: invalid(query.slice(0, query.indexOf('='))),
      }));
    });
  });

  test('a query parameter that is there twice where one is meant, or is not of its type', async () => {
    const queries = operations.filter(({ parameters }) => parameters.some((one) => one.in === 'query'));
    await expectNoFault(queries, ({ key, parameters }) =>
      parameters
        .filter((one) => one.in === 'query' && one.schema.anyOf === undefined)
        .flatMap(({ name, schema }) => {
          const path = exampleOf(key).path.split('?')[0];
          const wrong = [`${name}=1&${name}=2`, `${name}=a%00b`];
          if (schema.type === 'integer')
            wrong.push(`${name}=1.5`, `${name}=NaN`, `${name}=-1`, `${name}=1e99`, `${name}=x`);
          if (schema.type === 'number') wrong.push(`${name}=NaN`, `${name}=-1`, `${name}=Infinity`);
          if (schema.enum !== undefined) wrong.push(`${name}=surprise`);
          if (schema.maxLength !== undefined) wrong.push(`${name}=${'x'.repeat(schema.maxLength + 1)}`);
          if (schema.format !== undefined) wrong.push(`${name}=surprise`, `${name}=`);
          return wrong.map((query) => ({
            what: query.slice(0, 60),
            sent: { path: `${path}?${query}` },
            expected: invalid(name),
          }));
        }),
    );
  });

  const keyed = (): readonly Operation[] => commandsWith('any').filter(({ key }) => !keyless.has(key));
  /** No commands on a stream (RULES.md HTTP 1): the two headers mean nothing there. */
  const keyless = new Set([
    'POST /auth/login',
    'POST /auth/refresh',
    'POST /auth/logout',
    'POST /licenses/validate',
    'POST /downloads',
    'POST /simulator/webhooks',
    'POST /webhooks/payments',
  ]);
  test('an Idempotency-Key that is none', async () => {
    const bad = ['', ' ', 'two words', 'x'.repeat(256), 'umlaut-\u00fc', 'tab\tin'];
    await expectNoFault(keyed(), ({ key }) =>
      bad.map((value) => {
        const { payload, headers } = partsOf(key);
        return {
          what: value.slice(0, 20),
          sent: { payload, headers: { ...headers, 'idempotency-key': value } },
          expected: invalid('Idempotency-Key'),
        };
      }),
    );
  });

  test('an If-Match that is no revision', async () => {
    const bad = ['1', '"x"', '"-1"', 'W/"1"', '"1", "2"', '"1', `"${'9'.repeat(30)}"`, ''];
    await expectNoFault(keyed(), ({ key }) =>
      bad.map((value) => {
        const { payload, headers } = partsOf(key);
        return {
          what: value.slice(0, 20),
          sent: { payload, headers: { ...headers, 'if-match': value } },
          expected: invalid('If-Match'),
        };
      }),
    );
  });

  test('an X-Min-Position that is none, or of another log', async () => {
    const queries = operations.filter(({ method, key }) => method === 'GET' && !positionless.has(key));
    await expectNoFault(queries, () => [
      ...['', 'x', '-1', '1.5', '0x10', '9'.repeat(30), '1, 2'].map((value) => ({
        what: value,
        sent: { headers: { 'x-min-position': value } },
        expected: invalid('X-Min-Position'),
      })),
      {
        what: 'a position to come',
        sent: { headers: { 'x-min-position': '999999999999' } },
        expected: { status: 400, code: 'UNKNOWN_POSITION' },
      },
    ]);
  });
  /** They read no read model. */
  const positionless = new Set([
    'GET /me',
    'GET /files/{token}',
    'GET /.well-known/jwks.json',
    'GET /health/live',
    'GET /health/ready',
  ]);
});

describe('an upload is refused, named, and appends nothing', () => {
  const key = 'POST /products/{id}/versions';
  const form = (...parts: readonly string[]): Sent => ({
    payload: Buffer.from(`${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, 'latin1'),
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  });
  const field = (name: string, value: string) => `content-disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const file = (content: string) =>
    `content-disposition: form-data; name="file"; filename="w.json"\r\ncontent-type: application/json\r\n\r\n${content}`;
  const workflow = file('{"nodes":[],"connections":{}}');
  const version = field('version', '2.0.0');

  test('another content type', async () => {
    for (const type of ['application/json', 'text/plain'])
      expect(
        await faultOf(
          key,
          { payload: '{}', headers: { 'content-type': type } },
          { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
        ),
      ).toBeUndefined();
  });

  test.each([
    ['no version', form(workflow), 'version'],
    ['no file', form(version), 'file'],
    ['a version that is none', form(field('version', 'one'), workflow), 'version'],
    ['a version with NUL', form(field('version', '1.0.0\0'), workflow), 'version'],
    ['notes with NUL', form(version, field('notes', 'a\0b'), workflow), 'notes'],
    ['notes that are too long', form(version, field('notes', 'x'.repeat(5001)), workflow), 'notes'],
    ['notes that are not UTF-8', form(version, field('notes', '\xff\xfe'), workflow), 'notes'],
    ['an unknown field', form(version, field('surprise', '1'), workflow), 'surprise'],
    ['a field named __proto__', form(version, field('__proto__', '1'), workflow), '__proto__'],
    ['a field twice', form(version, version, workflow), 'version'],
    ['a file where text is meant', form(file('x').replace('"file"', '"version"'), workflow), 'version'],
    ['no part at all', { payload: '', headers: { 'content-type': 'multipart/form-data; boundary=b' } }, undefined],
    ['no boundary', { payload: 'x', headers: { 'content-type': 'multipart/form-data' } }, undefined],
    ['an empty file', form(version, file('')), 'file'],
    ['an end that is missing', { ...form(version, workflow), payload: '--b\r\n' }, undefined],
  ] as const)('%s', async (_what, sent, path) => {
    expect(await faultOf(key, sent, invalid(path))).toBeUndefined();
  });

  test.each([
    ['not JSON', 'this is no JSON'],
    ['no workflow', '{"hello":"world"}'],
    ['deep JSON', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['not UTF-8', '{"nodes":[],"connections":{},"a":"\xff"}'],
  ])('a workflow file that is %s', async (_what, content) => {
    expect(await faultOf(key, form(version, file(content)), { status: 400, code: 'INVALID_FILE' })).toBeUndefined();
  });

  test('a file over the limit', async () => {
    const sent = form(version, file(`"${'x'.repeat(5 * 1_048_576)}"`));
    expect(await faultOf(key, sent, { status: 413, code: 'PAYLOAD_TOO_LARGE' })).toBeUndefined();
  });
});

test('the examples themselves are no bad input', async () => {
  const refused: string[] = [];
  const last = 'POST /auth/logout';
  for (const key of [...Object.keys(examples).filter((one) => one !== last), last]) {
    const { body, raw } = exampleOf(key);
    const response = await send(key, {
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: json }),
      ...raw,
    });
    const { statusCode } = response;
    const known = key === 'POST /webhooks/payments' || key === 'POST /auth/refresh';
    if (!known && (statusCode === 400 || statusCode === 401 || (statusCode >= 403 && statusCode !== 409)))
      refused.push(`${key} ${statusCode} ${response.body.slice(0, 200)}`);
  }
  expect(refused).toEqual([]);
});
