import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LicenseCommand, licenseDecider } from '../../domain/license/license.ts';
import { keyedHash, type Market, openMarket, workflow } from '../products/market.test.ts';
import { linkToken } from './download-link.ts';

const text = `${JSON.stringify(workflow, null, 2)}\n`;
const sha256 = createHash('sha256').update(text).digest('hex');
const minute = 60_000;

let market: Market;
let seller: string;
let productId: string;
let owner: string;
let licenseId: string;

const release = async (content: string, version: string) => {
  await market.upload(seller, productId, content, version);
  await market.reactor.drive(productId);
};
const license = (command: LicenseCommand) =>
  market.handling.handle(licenseDecider, licenseId, command, market.context());

/** Issues a licence of the product, good for `minutes`, to a new owner. */
const sell = async (minutes: number) => {
  const { random, clock } = market;
  [owner, licenseId] = [random.uuid(), random.uuid()];
  const facts = { keyHash: 'x', orderId: random.uuid(), lineId: random.uuid(), productId, vendorId: random.uuid() };
  const expiresAt = new Date(clock.now() + minutes * minute).toISOString();
  await license({
    type: 'IssueLicense',
    licenseId,
    ...facts,
    ownerId: owner,
    title: 'R',
    tierId: 't',
    activationLimit: 3,
    expiresAt,
  });
};
const open = async (options: Parameters<typeof openMarket>[0] = {}) => {
  market = await openMarket(options);
  ({ token: seller } = await market.seller());
  productId = await market.draft(seller);
  await release(text, '1.0.0');
  await market.call('POST', `/products/${productId}/submit`, { as: seller });
  await sell(60);
};
beforeEach(() => open());

const ask = (body: object = {}, as = `customer:${owner}`) =>
  market.call('POST', '/downloads', { as, body: { licenseId, ...body } });
const link = async (body: object = {}): Promise<string> => (await ask(body)).json.url;
const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  market.call(method, url, { headers });
const yank = (version: string) =>
  market.call('POST', `/products/${productId}/versions/${version}/yank`, { as: seller, body: { reason: 'broken' } });

describe('asking for a download', () => {
  it('gives a link for five minutes, and says what is behind it', async () => {
    const answer = await ask();
    const expiresAt = new Date(market.clock.now() + 5 * minute).toISOString();
    expect(answer).toMatchObject({ status: 200, json: { expiresAt, sha256, size: Buffer.byteLength(text) } });
    expect(answer.json.url).toMatch(/^\/api\/v1\/files\/[\w.-]+$/);
    expect((await market.typesInLog()).at(-1)).toBe('LicenseIssued');
  });

  it('gives an absolute link where the public address is known', async () => {
    await open({ publicUrl: 'https://market.example/' });
    expect(await link()).toMatch(/^https:\/\/market\.example\/api\/v1\/files\/[\w.-]+$/);
  });

  it('is for the owner of the licence', async () => {
    expect((await ask({}, `customer:${market.random.uuid()}`)).status).toBe(404);
    expect((await ask({}, market.admin)).status).toBe(404);
    expect((await ask({}, seller)).status).toBe(404);
    expect((await ask({ licenseId: market.random.uuid() })).status).toBe(404);
  });

  it.each([
    ['licenseId', { licenseId: 'x' }],
    ['version', { version: '' }],
    ['url', { url: 'x' }],
  ])('with a bad %s is a 400 that names it', async (path, body) => {
    expect(await ask(body)).toMatchObject({ status: 400, json: { errors: [{ path }] } });
  });

  it('gives the version on sale, or any clean one by name', async () => {
    const newer = `${text} `;
    await release(newer, '1.1.0');
    expect((await ask()).json.size).toBe(Buffer.byteLength(newer));
    expect((await ask({ version: '1.0.0' })).json.sha256).toBe(sha256);
    expect((await ask({ version: '3.0.0' })).status).toBe(404);
  });

  it('gives owners every version after the product is off sale', async () => {
    await market.call('POST', `/products/${productId}/retire`, { as: seller });
    expect((await ask()).status).toBe(200);
  });

  it('gives no version that was yanked, is bad or was not scanned yet', async () => {
    await market.upload(seller, productId, workflow, '1.1.0');
    expect(await ask({ version: '1.1.0' })).toMatchObject({
      status: 409,
      code: 'VERSION_STATE',
      json: { state: 'scanning' },
    });
    expect((await ask()).json.sha256).toBe(sha256);
    await yank('1.0.0');
    expect((await ask({ version: '1.0.0' })).json).toMatchObject({ code: 'VERSION_STATE', state: 'yanked' });
    expect(await ask()).toMatchObject({ status: 409, code: 'NO_FILE' });
  });

  it('wants an active licence', async () => {
    await license({ type: 'SuspendLicense', reason: 'dispute' });
    expect(await ask()).toMatchObject({ status: 409, code: 'LICENSE_STATE', json: { state: 'suspended' } });
    await license({ type: 'RestoreLicense', reason: 'won' });
    expect((await ask()).status).toBe(200);
    await market.clock.advance(60 * minute);
    expect(await ask()).toMatchObject({ status: 409, json: { state: 'expired' } });
    await license({ type: 'RevokeLicense', reason: 'refund' });
    expect(await ask()).toMatchObject({ status: 409, json: { state: 'revoked' } });
  });
});

describe('a link', () => {
  it('gives the very bytes, to whoever has it', async () => {
    const answer = await get(await link());
    expect(answer.status).toBe(200);
    expect(answer.bytes.toString()).toBe(text);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'content-disposition': 'attachment; filename="report.json"',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256}"`,
    });
  });

  it('tells about the file without sending it', async () => {
    const url = await link();
    const answer = await get(url, { range: 'bytes=0-3' }, 'HEAD');
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-length': String(Buffer.byteLength(text)), etag: `"${sha256}"` },
    });
    expect(answer.bytes).toHaveLength(0);
  });

  it('gives one range', async () => {
    const size = Buffer.byteLength(text);
    const part = await get(await link(), { range: 'bytes=10-19' });
    expect(part).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes 10-19/${size}`, 'content-length': '10' },
    });
    expect(part.bytes.toString()).toBe(text.slice(10, 20));
    const tail = await get(await link(), { range: 'bytes=-5' });
    expect([tail.status, tail.bytes.toString()]).toEqual([206, text.slice(-5)]);
    const beyond = await get(await link(), { range: `bytes=${size}-` });
    expect(beyond).toMatchObject({
      status: 416,
      code: 'RANGE_NOT_SATISFIABLE',
      headers: { 'content-range': `bytes */${size}` },
    });
    const several = await get(await link(), { range: 'bytes=0-1,4-5' });
    expect([several.status, several.bytes.toString()]).toEqual([200, text]);
  });

  it('gives a range only of the bytes that the caller knows', async () => {
    const url = await link();
    expect((await get(url, { range: 'bytes=0-1', 'if-range': `"${sha256}"` })).status).toBe(206);
    expect((await get(url, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    expect((await get(url, { range: 'bytes=9999999-', 'if-range': '"other"' })).status).toBe(200);
  });

  it('ends after five minutes', async () => {
    const url = await link();
    await market.clock.advance(5 * minute - 1);
    expect((await get(url)).status).toBe(200);
    await market.clock.advance(1);
    expect(await get(url)).toMatchObject({ status: 410, code: 'LINK_EXPIRED' });
  });

  it('ends with its licence, and with its version', async () => {
    const url = await link();
    await license({ type: 'SuspendLicense', reason: 'dispute' });
    expect((await get(url)).code).toBe('LICENSE_STATE');
    await license({ type: 'RestoreLicense', reason: 'won' });
    expect((await get(url)).status).toBe(200);
    await yank('1.0.0');
    expect((await get(url)).code).toBe('VERSION_STATE');
  });

  it('keeps the version it was made for', async () => {
    const url = await link();
    await release(`${text} `, '1.1.0');
    expect((await get(url)).headers.etag).toBe(`"${sha256}"`);
  });

  it('can’t be made up', async () => {
    const url = await link();
    const [body = '', signature = ''] = (url.split('/').at(-1) ?? '').split('.');
    const expiresAt = market.clock.now() + 60 * minute;
    const foreign = linkToken((_, given) => keyedHash('email', given), {
      licenseId,
      productId,
      version: '1.0.0',
      expiresAt,
    });
    const longer = Buffer.from(JSON.stringify([licenseId, productId, '1.0.0', expiresAt])).toString('base64url');
    const tokens = [
      body,
      `${body}.`,
      `${longer}.${signature}`,
      `${body}.${signature}.x`,
      `${body}.${signature}=`,
      foreign,
      '.',
      'x.y',
    ];
    for (const token of tokens) expect([token, (await get(`/files/${token}`)).status]).toEqual([token, 404]);
  });
});

it('sends other kinds as bytes', async () => {
  productId = await market.draft(seller, { kind: 'template' });
  await market.upload(seller, productId, Buffer.from([0, 255, 1]), '1.0.0');
  await market.reactor.drive(productId);
  await sell(60);
  const answer = await get(await link());
  expect([...answer.bytes]).toEqual([0, 255, 1]);
  expect(answer.headers['content-type']).toBe('application/octet-stream');
});
