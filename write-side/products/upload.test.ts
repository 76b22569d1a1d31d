import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  leakyWorkflow,
  type Market,
  multipart,
  multipartType,
  openMarket,
  type Part,
  workflow,
} from './market.test.ts';

let market: Market;
let token: string;
let id: string;

beforeEach(async () => {
  market = await openMarket();
  token = (await market.seller()).token;
  id = await market.draft(token, { kind: 'other' });
});

const file: Part = { name: 'file', fileName: 'a.bin', type: 'application/octet-stream', content: 'bytes' };
const version: Part = { name: 'version', content: '1.0.0' };
const nothingLeft = async () => {
  expect(await market.storedObjects()).toEqual([]);
  expect((await market.product(id)).versions).toEqual([]);
};

describe('an upload', () => {
  it('keeps the very bytes, and what they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
    const sent = await market.send(token, id, [
      { ...file, content: bytes },
      version,
      { name: 'notes', content: 'First, für alle' },
    ]);
    expect(sent).toMatchObject({
      status: 202,
      headers: { etag: '"1"' },
      json: { id, stream: `product-${id}`, revision: '1' },
    });
    const [stored] = (await market.product(id)).versions;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(stored).toMatchObject({
      version: '1.0.0',
      state: 'scanning',
      size: 300_000,
      sha256,
      fileName: 'a.bin',
      notes: 'First, für alle',
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of market.objects.read(stored?.objectKey ?? '')) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('of a workflow must be one', async () => {
    const flow = await market.draft(token);
    const refused = await market.upload(token, flow, '{"hello": 1}');
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_FILE', json: { errors: [{ path: 'file' }] } });
    expect(await market.upload(token, flow, Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({
      code: 'INVALID_FILE',
      json: { detail: 'The file is not valid UTF-8.' },
    });
    expect(
      (await market.upload(token, flow, `[${JSON.stringify(workflow)},${JSON.stringify(leakyWorkflow)}]`)).code,
    ).toBe('INVALID_FILE');
    expect((await market.upload(token, flow, ' '.repeat(262_145))).status).toBe(413);
    expect((await market.upload(token, flow, '')).json.errors).toMatchObject([{ path: 'file', message: 'is empty' }]);
    expect(await market.storedObjects()).toEqual([]);
    expect((await market.upload(token, flow, `\uFEFF${JSON.stringify(workflow)}`)).status).toBe(202);
  });

  it.each<[string, string, Part[]]>([
    ['file', 'is missing', [version]],
    ['version', 'is missing', [file]],
    ['version', 'is no semantic version', [{ ...version, content: '1.0' }, file]],
    ['version', 'comes after the file and is bad', [file, { ...version, content: 'v1' }]],
    ['version', 'is there twice', [version, version, file]],
    ['version', 'is a file', [{ ...version, fileName: 'v.txt' }, file]],
    ['version', 'is not UTF-8', [{ ...version, content: Buffer.from([0x31, 0xff]) }, file]],
    ['file', 'is there twice', [version, file, file]],
    ['file', 'has no name', [version, { name: 'file', content: 'bytes' }]],
    ['file', 'has an empty name', [version, { ...file, fileName: '' }]],
    ['file', 'is empty', [version, { ...file, content: '' }]],
    ['notes', 'are too long', [version, { name: 'notes', content: 'x'.repeat(5_001) }, file]],
    ['notes', 'are far too long', [version, { name: 'notes', content: 'x'.repeat(50_000) }, file]],
    ['price', 'is unknown', [version, { name: 'price', content: '1' }, file]],
    ['price', 'is unknown, after the file', [version, file, { name: 'price', content: '1' }]],
    ['__proto__', 'is unknown', [version, file, { name: '__proto__', content: '1' }]],
    ['extra', 'is unknown and a file', [version, file, { name: 'extra', fileName: 'b', content: '1' }]],
    ['(part without a name)', 'comes', [version, file, { content: '1' }]],
    [
      '(body)',
      'has too many parts',
      [...Array.from({ length: 25 }, () => ({ name: 'x', fileName: 'y', content: '' }))],
    ],
  ])('whose %s %s is refused by name', async (path, _, parts) => {
    const refused = await market.send(token, id, parts);
    expect(refused.status).toBe(400);
    const named = refused.json.errors.map((error: { path: string }) => error.path);
    expect(named).toContain(path === '(body)' ? 'x' : path);
    await nothingLeft();
  });

  it.each([
    ['no end', multipart([version, file], '')],
    ['an end within the file', multipart([version, file]).subarray(0, -20)],
    ['an end within the headers', Buffer.from('--edge\r\nContent-Disp')],
    ['no parts at all', Buffer.from('--edge--\r\n')],
    ['nothing in it', Buffer.from('')],
    ['text in it', Buffer.from('hello, here is my file')],
    ['headers of endless length', Buffer.concat([Buffer.from('--edge\r\nX: '), Buffer.alloc(200_000, 'a')])],
  ])('with %s is a 400', async (_, payload) => {
    const refused = await market.send(token, id, [], { payload });
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    await nothingLeft();
  });

  it('is refused past the limit, and leaves nothing', async () => {
    const refused = await market.send(token, id, [version, { ...file, content: Buffer.alloc(1_048_577) }]);
    expect(refused).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE', json: { maxBytes: 1_048_576 } });
    expect((await market.send(token, id, [version, { ...file, content: Buffer.alloc(3_000_000) }])).status).toBe(413);
    await nothingLeft();
    expect((await market.send(token, id, [version, { ...file, content: Buffer.alloc(1_048_576) }])).status).toBe(202);
  });

  it.each(['application/json', 'text/plain', 'multipart/mixed; boundary=edge', ''])(
    'as %s is a 415',
    async (contentType) => {
      const payload = contentType === 'application/json' ? '{}' : multipart([version, file]);
      expect((await market.send(token, id, [], { payload, headers: { 'content-type': contentType } })).status).toBe(
        415,
      );
      await nothingLeft();
    },
  );

  it('without a boundary, or without a body, is refused', async () => {
    const { call } = market;
    const url = `/products/${id}/versions`;
    expect(
      (
        await call('POST', url, {
          as: token,
          payload: multipart([version, file]),
          headers: { 'content-type': 'multipart/form-data' },
        })
      ).status,
    ).toBe(400);
    expect((await call('POST', url, { as: token })).status).toBe(415);
  });

  it('is its vendor’s alone', async () => {
    const bob = await market.seller();
    expect((await market.upload(bob.token, id)).status).toBe(404);
    expect((await market.upload(token, market.random.uuid())).status).toBe(404);
    await nothingLeft();
  });
});

describe('an upload again', () => {
  it('with one key at the same moment makes one version of one object', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => market.upload(token, id, 'bytes', '1.0.0', { key: 'k1' })),
    );
    expect(new Set(answers.map(({ status, json }) => `${status} ${JSON.stringify(json)}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(7);
    const { versions } = await market.product(id);
    expect(versions).toHaveLength(1);
    expect(await market.storedObjects()).toHaveLength(1);
    expect(await market.objects.size(versions[0]?.objectKey ?? '')).toBe(5);
  });

  it.each<[string, string, string]>([
    ['bytes', 'other', '1.0.0'],
    ['fields', 'bytes', '1.0.1'],
  ])('with one key and other %s is a 422', async (_, content, number) => {
    await market.upload(token, id, 'bytes', '1.0.0', { key: 'k1' });
    expect(await market.upload(token, id, content, number, { key: 'k1' })).toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await market.storedObjects()).toHaveLength(1);
  });

  it('without a key is nothing for the same bytes, and refused for others', async () => {
    await market.upload(token, id, 'bytes');
    expect(await market.upload(token, id, 'bytes')).toMatchObject({ status: 202, json: { revision: '1' } });
    expect((await market.upload(token, id, 'other')).code).toBe('VERSION_EXISTS');
    expect((await market.upload(token, id, 'other', '0.9.0')).code).toBe('VERSION_NOT_NEWER');
    expect((await market.upload(token, id, 'other', '2.0.0', { headers: { 'if-match': '"0"' } })).status).toBe(412);
    expect(await market.storedObjects()).toHaveLength(1);
  });
});

describe('a client', () => {
  const head = (port: number, length: number) =>
    `POST /api/v1/products/${id}/versions HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${multipartType}\r\nContent-Length: ${length}\r\n\r\n`;
  const listening = async (): Promise<number> => {
    await market.app.listen({ port: 0, host: '127.0.0.1' });
    const address = market.app.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };

  it('that hangs up leaves nothing behind', async () => {
    const port = await listening();
    const answered = new Promise<void>((resolve) =>
      market.app.server.once('request', (_, response) => response.once('close', resolve)),
    );
    const removed = new Promise<void>((resolve) => {
      const { put } = market.objects;
      Object.assign(market.objects, { put: (...args: Parameters<typeof put>) => put(...args).finally(resolve) });
    });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const body = multipart([version, { ...file, content: Buffer.alloc(500_000) }]);
    socket.write(head(port, body.byteLength));
    socket.write(body.subarray(0, 300_000), () => socket.destroy());
    await Promise.all([answered, removed]);
    await nothingLeft();
  });

  it.each<[string, number, Part[]]>([
    ['too much', 413, [version]],
    ['a bad field before a file', 400, [version, version]],
    ['an unknown file before a file', 400, [version, { ...file, name: 'other', content: Buffer.alloc(200_000) }]],
  ])('that sends %s hears so', async (_, status, parts) => {
    const port = await listening();
    const body = multipart([...parts, { ...file, content: Buffer.alloc(status === 413 ? 1_100_000 : 700_000) }]);
    const headers = { authorization: `Bearer ${token}`, 'content-type': multipartType };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/products/${id}/versions`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).toBe(status);
    await nothingLeft();
  });
});

it('is described as a form', async () => {
  const { json } = await market.call('GET', '/api/../openapi.json');
  const { requestBody } = json.paths['/api/v1/products/{id}/versions'].post;
  expect(requestBody.content['multipart/form-data'].schema).toMatchObject({
    required: ['file', 'version'],
    properties: { file: { type: 'string', format: 'binary' }, version: { type: 'string' } },
  });
});
