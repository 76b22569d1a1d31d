import { describe, expect, it } from 'vitest';
import * as sample from '../../domain/order/samples.ts';
import { catalogue as catalogueProjection } from '../../projections/products/catalogue.ts';
import { day, id, licensed, market, start } from '../world.test.ts';

const told = async () => {
  const all = await market();
  await licensed(all.world);
  await all.clock.advance(day);
  await all.record(`order-${sample.orderId}`, ...sample.untilSettled);
  return all;
};
const license = `license-${sample.licenseId(1)}`;
const account = `account-${sample.customerId}`;
type Shown = { readonly type: string; readonly position: string; readonly stream: string };

describe('the log', () => {
  it('is read in its order, page by page, without gaps or repeats', async () => {
    const { get } = await told();
    const all: Shown[] = [];
    for (let cursor = ''; ; ) {
      const page = (await get(`/audit/events?limit=5${cursor}`, 'auditor')).json;
      all.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    const lines = (await get('/audit/events', 'auditor', { accept: 'application/x-ndjson' })).text.trim().split('\n');
    expect(all).toEqual(lines.map((line) => JSON.parse(line)));
    const positions = all.map(({ position }) => Number(position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(positions).size).toBe(20);
  });

  it('is narrowed by stream, category, type, actor, correlation, time and position', async () => {
    const { get } = await told();
    const found = async (query: string): Promise<Shown[]> =>
      (await get(`/audit/events?${query}`, 'auditor')).json.items;
    const order = await found(`stream=order-${sample.orderId}`);
    expect(order.map(({ type }) => type)).toEqual(sample.untilSettled.map(({ type }) => type));
    expect(await found('category=order&type=OrderPaid')).toHaveLength(1);
    expect((await found(`actorId=${id(51)}&correlationId=story&limit=100`)).length).toBe(20);
    expect(await found(`actorId=${id(52)}`)).toEqual([]);
    expect(await found(`from=${new Date(start + day).toISOString()}`)).toEqual(order);
    expect(await found(`minPosition=${order[1]?.position}`)).toEqual(order.slice(1));
    expect((await found(`to=${new Date(start + day).toISOString()}&limit=100`)).length).toBe(15);
  });

  it('shows personal fields sealed, or erased', async () => {
    const { get, keys } = await told();
    const [registered] = (await get(`/audit/events?stream=${account}`, 'auditor')).json.items;
    expect(registered.data).toMatchObject({
      accountId: sample.customerId,
      email: '[sealed]',
      displayName: '[sealed]',
      emailHash: 'h',
    });
    expect(registered.metadata).toMatchObject({ correlationId: 'story', actorRole: 'vendor' });
    await keys.erase(sample.customerId);
    const [erased] = (await get(`/audit/events?stream=${account}`, 'auditor')).json.items;
    expect(erased.data).toMatchObject({ email: '[erased]', displayName: '[erased]' });
  });

  it('lists an event that cannot be read, and says why', async () => {
    const { get, recordBroken } = await told();
    const stream = `order-${sample.orderId}`;
    const { position } = await recordBroken(stream, 4n, 'OrderSettled');
    const wait = { 'x-min-position': position.toString() };
    const { items } = (await get(`/audit/events?stream=${stream}&minPosition=${position}`, 'auditor', wait)).json;
    expect(items).toMatchObject([{ type: 'OrderSettled', revision: '5', data: null, metadata: {} }]);
    expect(items[0].unreadable).toContain('metadata is not JSON');
    const shown = (await get(`/audit/streams/${stream}`, 'auditor')).json;
    expect(shown.events).toHaveLength(6);
    expect(shown).not.toHaveProperty('state');
    expect((await get(`/audit/streams/${stream}?asOfRevision=4`, 'auditor')).json.state.status).toBe('fulfilled');
  });

  it('is for auditors', async () => {
    const { get } = await told();
    for (const url of ['/audit/events', `/audit/streams/${license}`, '/audit/streams?q=x'])
      expect([(await get(url, 'admin')).status, (await get(url)).status]).toEqual([403, 401]);
  });
});

describe('a stream', () => {
  it('is shown with the state that its rules fold, personal fields sealed and still told apart', async () => {
    const { get } = await told();
    const { json, headers } = await get(`/audit/streams/${license}`, 'auditor');
    expect(json).toMatchObject({ stream: license, category: 'license', revision: '2' });
    expect(json.events).toHaveLength(3);
    expect(json.state).toMatchObject({
      status: 'active',
      activations: [{ machine: '[sealed]' }, { machine: '[sealed]' }],
    });
    expect(headers.etag).toBe('"2"');
    expect(JSON.stringify(json)).not.toContain('machine-1');
    expect((await get('/audit/streams/license-none', 'auditor')).status).toBe(404);
  });

  it('is shown as it was, at a revision or a time', async () => {
    const { get } = await told();
    const state = async (stream: string, query: string) =>
      (await get(`/audit/streams/${stream}?${query}`, 'auditor')).json.state;
    const order = `order-${sample.orderId}`;
    expect((await state(order, 'asOfRevision=1')).status).toBe('awaitingPayment');
    expect((await state(order, '')).status).toBe('fulfilled');
    const before = new Date(start + day - 1).toISOString();
    expect((await get(`/audit/streams/${order}?asOf=${before}`, 'auditor')).status).toBe(404);
    expect((await state(license, `asOf=${before}`)).activations).toHaveLength(2);
    expect((await get(`/audit/streams/${order}?asOf=${before}&asOfRevision=1`, 'auditor')).status).toBe(400);
  });

  it('shows maps of its state as objects', async () => {
    const { get, record } = await market();
    const created = { code: 'SPRING', makerId: id(51), percentOff: 10 };
    const reserved = { code: 'SPRING', orderId: id(1), customerId: id(3), until: '2026-01-02T00:00:00.000Z' };
    await record('coupon-SPRING', { type: 'CouponCreated', data: created }, { type: 'CouponReserved', data: reserved });
    const { state } = (await get('/audit/streams/coupon-SPRING', 'auditor')).json;
    expect(state.uses).toEqual({ [id(1)]: { state: 'held', customerId: id(3), until: reserved.until } });
  });

  it('is found by name, by id and by correlation', async () => {
    const { get } = await told();
    const found = async (q: string) =>
      (await get(`/audit/streams?limit=100&q=${q}`, 'auditor')).json.items.map(({ stream }: Shown) => stream);
    expect(await found(license)).toEqual([license]);
    expect(await found(sample.customerId)).toEqual([account]);
    expect(await found('story')).toHaveLength(8);
    expect(await found('nothing')).toEqual([]);
  });
});

it('operators see how the projections are doing', async () => {
  const { get } = await told();
  const { items } = (await get('/operator/projections', 'operator')).json;
  const catalogue = items.find(({ name }: { name: string }) => name === 'catalogue');
  expect(catalogue).toMatchObject({
    version: catalogueProjection.version,
    state: 'live',
    lag: { events: 0, seconds: 0 },
    lastError: null,
  });
  expect(catalogue.checkpoint).toMatch(/^\d+$/);
  expect((await get('/operator/projections/catalogue', 'operator')).json.name).toBe('catalogue');
  expect((await get('/operator/projections/nothing', 'operator')).status).toBe(404);
  expect((await get('/operator/projections', 'auditor')).status).toBe(403);
});
