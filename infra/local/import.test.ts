import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvedVendor, type VendorPerson } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';
import { draft } from './test-world.ts';

type Result = {
  readonly line: number;
  readonly status: number;
  readonly id?: string;
  readonly [more: string]: unknown;
};
const json = 'application/x-ndjson';
const lineOf = (title: string, more: object = {}): string => JSON.stringify({ ...draft, title, ...more });

describe('POST /products/import', () => {
  let system: TestSystem;
  let vendor: VendorPerson;
  beforeAll(async () => {
    system = await startTestSystem();
    vendor = await approvedVendor(system, 'ada');
  });
  afterAll(() => system.dispose());

  const sent = async (payload: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await system.app.inject({
      ...{ method: 'POST', url: '/api/v1/products/import', payload },
      headers: { 'content-type': json, authorization: `Bearer ${vendor.token}`, ...headers },
    });
    return response;
  };
  const imported = async (payload: string | Buffer, headers: Record<string, string> = {}): Promise<readonly Result[]> =>
    (await sent(payload, headers)).body
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Result => JSON.parse(line));

  it('answers every line in order; a bad one is a result with its errors, and the rest goes on', async () => {
    const lines = [
      lineOf('One'),
      '{"title":',
      lineOf('Two', { colour: 'red' }),
      '',
      lineOf('Three', { price: 12 }),
      '[1]',
      lineOf('Four'),
    ];
    const results = await imported(Buffer.from(`${lines.join('\r\n')}`));
    expect(results.map(({ line, status, code }) => [line, status, code])).toEqual([
      [1, 201, undefined],
      [2, 400, 'INVALID_JSON'],
      [3, 400, 'INVALID_INPUT'],
      [5, 400, 'INVALID_INPUT'],
      [6, 400, 'INVALID_INPUT'],
      [7, 201, undefined],
    ]);
    expect(results[2]?.errors).toEqual([{ path: 'colour', message: 'is not a known field' }]);
    const { id, position }: Partial<Result> = results[0] ?? {};
    const product = await vendor.ok('GET', `/products/${id}`, undefined, {
      headers: { 'x-min-position': String(position) },
    });
    expect(product).toMatchObject({ title: 'One', state: 'draft' });
  });

  it('finds the same product again by ref, or by Idempotency-Key and line; another body under the name is refused', async () => {
    const once = await imported(
      `${lineOf('A', { ref: 'r-1' })}\n${lineOf('B', { ref: 'r-1' })}\n${lineOf('A', { ref: 'r-1' })}`,
    );
    expect(once.map(({ status, code, replayed }) => [status, code, replayed])).toEqual([
      [201, undefined, undefined],
      [422, 'IDEMPOTENCY_KEY_REUSED', undefined],
      [201, undefined, true],
    ]);
    const [again] = await imported(lineOf('A', { ref: 'r-1' }));
    expect(again).toMatchObject({ id: once[0]?.id, replayed: true, ref: 'r-1' });
    const file = `${lineOf('C')}\n${lineOf('C')}\n`;
    const first = await imported(file, { 'idempotency-key': 'file-1' });
    expect(new Set(first.map(({ id }) => id)).size).toBe(2);
    const second = await imported(file, { 'idempotency-key': 'file-1' });
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect((await imported(file)).map(({ id }) => id)).not.toEqual(first.map(({ id }) => id));
  });

  it('takes CSV: quotes, commas and line ends in a cell, lists parted by semicolons', async () => {
    const csv = [
      '\uFEFFref,title,description,kind,category,tags,integrations,amount,currency',
      'c-1,"Sorter, the ""best""","Two',
      'lines.",n8n-workflow,Sales,crm; mail,Slack;Gmail,1999,USD',
      'c-2,Cheap,No price.,n8n-workflow,Sales,,,nine,USD',
      'c-3,Short',
      'c-4,Free,Costs nothing.,n8n-workflow,Sales,,,0,USD',
    ].join('\r\n');
    const results = await imported(csv, { 'content-type': 'text/csv; charset=utf-8' });
    expect(results.map(({ line, ref, status }) => [line, ref, status])).toEqual([
      [2, 'c-1', 201],
      [3, 'c-2', 400],
      [4, undefined, 400],
      [5, 'c-4', 201],
    ]);
    const { id, position }: Partial<Result> = results[0] ?? {};
    const headers = { 'x-min-position': String(position) };
    expect(await vendor.ok('GET', `/products/${id}`, undefined, { headers })).toMatchObject({
      ...{
        title: 'Sorter, the "best"',
        description: 'Two\r\nlines.',
        tags: ['crm', 'mail'],
        integrations: ['Slack', 'Gmail'],
      },
      price: { amount: 1999, currency: 'USD' },
    });
    const broken = await imported('title,colour\nx,y\n', { 'content-type': 'text/csv' });
    expect(broken).toMatchObject([{ line: 1, status: 400, errors: [{ path: 'colour' }] }]);
    const open = await imported(`title\n"never closed\n${lineOf('x')}`, { 'content-type': 'text/csv' });
    expect(open.at(-1)).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  it('has limits: 64 KiB a line, 10,000 lines', async () => {
    const long = await imported(`${lineOf('Long', { description: 'x'.repeat(70_000) })}\n${lineOf('Short')}\n`);
    expect(long.map(({ line, status }) => [line, status])).toEqual([
      [1, 413],
      [2, 201],
    ]);
    const many = await imported(`${'{}\n'.repeat(10_000)}${lineOf('Too many')}\n`);
    expect([many.length, many.at(-1)?.line, many.at(-1)?.code]).toEqual([10_001, 10_001, 'PAYLOAD_TOO_LARGE']);
  });

  it('is for vendors, of these two formats', async () => {
    expect((await sent(lineOf('x'), { authorization: '' })).statusCode).toBe(401);
    expect((await sent(lineOf('x'), { 'content-type': 'application/json' })).statusCode).toBe(415);
    expect((await sent(lineOf('x'), { 'if-match': '"1"' })).statusCode).toBe(412);
    expect(await imported('')).toEqual([]);
  });

  it('answers a line while the next has not been sent, and stops when the sender goes away', async () => {
    await system.app.listen({ port: 0, host: '127.0.0.1' });
    const address = system.app.server.address();
    const socket = connect({
      port: typeof address === 'object' && address !== null ? address.port : 0,
      host: '127.0.0.1',
    });
    const heard: string[] = [];
    const hears = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!heard.join('').includes(text)) return;
          socket.off('data', look);
          resolve();
        };
        socket.on('data', look);
        look();
      });
    socket.on('data', (chunk) => heard.push(chunk.toString()));
    const head = [
      'POST /api/v1/products/import HTTP/1.1',
      'host: x',
      `content-type: ${json}`,
      `authorization: Bearer ${vendor.token}`,
      'transfer-encoding: chunked',
    ];
    const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    socket.write(`${head.join('\r\n')}\r\n\r\n${chunk(`${lineOf('Alive 1', { ref: 'live-1' })}\n`)}`);
    await hears('"ref":"live-1","status":201');
    socket.write(chunk(`${lineOf('Alive 2', { ref: 'live-2' })}\n`));
    await hears('"ref":"live-2","status":201');
    socket.write(chunk(lineOf('Half a line').slice(0, 20)));
    const gone = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.destroy();
    await gone;
    expect((await imported(lineOf('Alive 2', { ref: 'live-2' })))[0]).toMatchObject({ replayed: true });
  });
});
