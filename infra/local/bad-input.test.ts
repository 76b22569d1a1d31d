import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operation, operationsOf } from './api-document.ts';
import { brokenBodies } from './broken-bodies.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import { type Expected, exampleOf, faultOf, invalid, json, problem, type Sent, send } from './refusal.ts';
import { published } from './test-client.ts';
import { type MarketWorld, startMarketWorld } from './test-world.ts';

let world: MarketWorld;
let operations: readonly Operation[];
let examples: Readonly<Record<string, ExampleRequest>>;

beforeAll(async () => {
  world = await startMarketWorld();
  operations = await operationsOf(world.system);
  examples = exampleRequests(world);
});
afterAll(() => world.system.dispose());

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
    readonly expected: Expected;
  }[],
): Promise<void> => {
  const faults: string[] = [];
  let count = 0;
  for (const operation of of)
    for (const { what, sent, expected } of cases(operation)) {
      count += 1;
      const fault = await faultOf(world, operation.key, sent, expected);
      if (fault !== undefined) faults.push(`${operation.key}, ${what}: ${fault}`);
    }
  expect(count).toBeGreaterThan(0);
  expect(faults).toEqual([]);
};

/** The right body and its headers. */
const partsOf = (
  key: string,
): { readonly payload: string | Buffer; readonly headers: Readonly<Record<string, string>> } => {
  const { body, raw } = exampleOf(world, key);
  return { payload: raw?.payload ?? JSON.stringify(body ?? {}), headers: raw?.headers ?? json };
};
const bodyText = (key: string): string => JSON.stringify(exampleOf(world, key).body);

test('every route of the API document has its example here', () => {
  expect(Object.keys(examples).toSorted()).toEqual(operations.map(({ key }) => key).toSorted());
});

describe('a JSON body is refused, named, and appends nothing', () => {
  test('one field missing, of a wrong type, unknown, too large, too small, or no number that can be kept', async () => {
    await expectNoFault(commandsWith('json'), ({ key, requestBody }) => {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema === undefined) throw new Error(`${key} has no schema`);
      return brokenBodies(schema, exampleOf(world, key).body).map(({ what, path, json: payload }) => ({
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
    const { statusCode, body } = await send(world, 'POST /orders', { payload, headers: json });
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
      const given = exampleOf(world, key).path.split('/');
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
        sent: { path: exampleOf(world, key).path.split('/').with(at, bad).join('/'), payload: '{}', headers: json },
        expected: invalid(),
      }));
    });
  });

  test('a query parameter that the route does not know, once and twice', async () => {
    await expectNoFault(operations, ({ key }) => {
      const { path, body, raw } = exampleOf(world, key);
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
          const path = exampleOf(world, key).path.split('?')[0];
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
    'POST /orders/quote',
    'POST /simulator/webhooks',
    'POST /webhooks/payments',
    'POST /auth/email/verify',
    'POST /auth/password/forgot',
    'POST /auth/password/reset',
    'PUT /me/password',
    'DELETE /me/sessions/{id}',
    'POST /audit/verify',
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

  test('a cursor that is none, also where the answer would be streamed', async () => {
    const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));
    const cursors = ['x', '!', Buffer.from('{"l":"orders","v":[1e999],"i":"a"}').toString('base64url')];
    await expectNoFault(lists, ({ key }) => {
      const { path } = exampleOf(world, key);
      return ['application/json', 'text/csv, */*;q=0.1', 'application/x-ndjson, */*;q=0.1'].flatMap((accept) =>
        cursors.map((cursor) => ({
          what: `${cursor} as ${accept}`,
          sent: { path: `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`, headers: { accept } },
          expected: { status: 400, code: 'INVALID_CURSOR', path: 'cursor' },
        })),
      );
    });
  });

  test('a part of the path that is longer than any name', async () => {
    const withParts = operations.filter(({ path }) => path.includes('{'));
    await expectNoFault(withParts, ({ path }) => {
      const long = `/${path.replace(/\{\w+\}/g, 'x'.repeat(10_000))}`;
      return [{ what: 'long', sent: { path: long }, expected: invalid('path') }];
    });
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
    'GET /metrics',
    'GET /me',
    'GET /files/{token}',
    'GET /.well-known/jwks.json',
    'GET /health/live',
    'GET /health/ready',
    'GET /me/sessions',
    'GET /api-keys',
  ]);
});

describe('what is no HTTP is answered with a problem, and the door stays open', () => {
  /** All that comes back for these bytes, until the other side closes. */
  const told = async (bytes: string): Promise<string> => {
    const { app } = world.system;
    if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    const socket = connect(address.port, '127.0.0.1');
    socket.end(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  test.each([
    ['a NUL in a header', 'GET /api/v1/products HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n', 'INVALID_INPUT'],
    ['a line that is no request', 'hello\r\n\r\n', 'INVALID_INPUT'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 'INVALID_INPUT'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(100_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  ])('%s', async (_what, bytes, code) => {
    const before = await world.system.ports.store.head();
    const answer = await told(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('content-type: application/problem+json');
    expect(problem.parse(JSON.parse(answer.slice(answer.indexOf('{'))))).toMatchObject({ code });
    expect(await world.system.ports.store.head()).toBe(before);
    expect((await world.as.nobody.call('GET', '/products')).status).toBe(200);
  });
});

test('an order whose sums could not be kept exactly is refused', async () => {
  const { system, owner, customer } = world;
  const most = { amount: 1_000_000_000_000, currency: 'USD' };
  const { id } = await published(system, owner, { title: 'Gold', price: most });
  const items = Array.from({ length: 50 }, () => ({ productId: id, quantity: 1000, expectedPrice: most }));
  const payload = JSON.stringify({ items, paymentMethod: 'pm_card_visa', billing: { country: 'DE' } });
  await world.quiet();
  expect(await faultOf(world, 'POST /orders', { payload, headers: json }, invalid('(body)'))).toBeUndefined();
  expect((await customer.ok('GET', '/orders')).items).toHaveLength(1);
});

/** Right in form, and yet refused: their tokens, passwords and ids are not ours. */
const refusedForms = new Set([
  'POST /webhooks/payments',
  'POST /auth/refresh',
  'POST /auth/email/verify',
  'POST /auth/password/reset',
  'PUT /me/password',
  'DELETE /me/sessions/{id}',
  'DELETE /api-keys/{id}',
]);

test('the examples themselves are no bad input', async () => {
  const refused: string[] = [];
  const last = 'POST /auth/logout';
  for (const key of [...Object.keys(examples).filter((one) => one !== last), last]) {
    const { body, raw } = exampleOf(world, key);
    const response = await send(world, key, {
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: json }),
      ...raw,
    });
    const { statusCode } = response;
    const missing = statusCode === 404 && /dead-letters|sagas/.test(key);
    const known = missing || key === 'POST /webhooks/payments' || key === 'POST /auth/refresh' || key === 'GET /live';
    if (!known && (statusCode === 400 || statusCode === 401 || (statusCode >= 403 && statusCode !== 409)))
      if (
        !refusedForms.has(key) &&
        (statusCode === 400 || statusCode === 401 || (statusCode >= 403 && statusCode !== 409))
      )
        refused.push(`${key} ${statusCode} ${response.body.slice(0, 200)}`);
  }
  expect(refused).toEqual([]);
});
