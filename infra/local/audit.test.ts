import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personKeys } from '../secrets/person-keys.ts';
import { signIn } from './test-client.ts';
import type { TestSystem } from './test-system.ts';
import { type MarketWorld, startMarketWorld } from './test-world.ts';

type Node = { readonly type: string; readonly stream: string; readonly children: readonly Node[] };
type Shown = {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
};

let world: MarketWorld;
beforeAll(async () => {
  world = await startMarketWorld();
});
let last: TestSystem | undefined;
afterAll(() => (last ?? world.system).dispose());

const get = (path: string) => world.as.auditor.ok('GET', path);
const unsealing = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  world.as.auditor.call('POST', '/audit/unseal', body, { headers });
const mail = () => ({
  stream: `account-${world.customer.id}`,
  revision: '0',
  path: 'email',
  reason: 'Ticket 4711: who is this?',
});

describe('the difference between two revisions', () => {
  it('names the fields of the folded state that changed, before and after', async () => {
    const order = `order-${world.orderId}`;
    const { state } = await get(`/audit/streams/${order}?asOfRevision=0`);
    const { changes, from, to } = await get(`/audit/streams/${order}/diff?from=0&to=1`);
    expect([from, to]).toEqual(['0', '1']);
    expect(changes).toContainEqual({
      path: 'status',
      before: (state as { status: string }).status,
      after: 'awaitingPayment',
    });
    expect(await get(`/audit/streams/${order}/diff?from=1&to=1`)).toMatchObject({ changes: [] });
  });

  it('keeps personal fields sealed, and still tells that they changed', async () => {
    const answer = await get(`/audit/streams/license-${world.licenseId}/diff`);
    expect(answer.from).toBeNull();
    expect(JSON.stringify(answer)).toContain('[sealed]');
    expect(JSON.stringify(answer)).not.toMatch(/\[sealed\]:|laptop-1/);
  });

  it('of revisions that are not there is 404, of revisions that go back 400', async () => {
    const path = `/audit/streams/order-${world.orderId}/diff`;
    const status = async (query: string) => (await world.as.auditor.call('GET', `${path}?${query}`)).status;
    expect([await status('from=0&to=999'), await status('from=999'), await status('from=2&to=1')]).toEqual([
      404, 404, 400,
    ]);
  });
});

describe('a correlation', () => {
  it('is the whole story of one request, each event below its cause', async () => {
    const { items } = await get(`/audit/events?stream=order-${world.orderId}`);
    const [placed] = items as [Shown];
    const { roots, events } = await get(`/audit/correlations/${String(placed.metadata.correlationId)}`);
    const all: Node[] = [];
    const walk = (nodes: readonly Node[]): void => {
      for (const node of nodes) {
        all.push(node);
        walk(node.children);
      }
    };
    walk(roots as Node[]);
    expect(all).toHaveLength(Number(events));
    const types = all.map(({ type }) => type);
    for (const type of ['OrderPlaced', 'PaymentRequested', 'OrderPaid', 'LicenseIssued', 'OrderFulfilled'])
      expect(types).toContain(type);
    const order = all.find(({ type }) => type === 'OrderPlaced');
    expect(order?.children.length).toBeGreaterThan(0);
    expect((roots as Node[]).length).toBeLessThan(all.length);
  });

  it('that nothing belongs to is 404', async () => {
    expect((await world.as.auditor.call('GET', '/audit/correlations/none')).status).toBe(404);
  });
});

describe('a document of a read model', () => {
  it('as it is now is what its projection holds', async () => {
    const { document, asOf } = await get(`/audit/read-models/orders/${world.orderId}`);
    const held = await world.system.ports.readModels.documents.get('orders', world.orderId);
    expect(document).toEqual(held);
    expect(asOf).toBeNull();
  });

  it('is shown as it was at a moment, by replay', async () => {
    const { items } = await get(`/audit/events?stream=order-${world.orderId}`);
    const [placed] = items as [{ recordedAt: string }];
    const path = `/audit/read-models/orders/${world.orderId}`;
    const then = await get(`${path}?asOf=${placed.recordedAt}`);
    const now = await get(path);
    expect(Number(then.events)).toBeLessThan(Number(now.events));
    expect((then.document as { state: string }).state).not.toBe('fulfilled');
    const before = new Date(Date.parse(placed.recordedAt) - 1).toISOString();
    expect((await world.as.auditor.call('GET', `${path}?asOf=${before}`)).status).toBe(404);
  });

  it('of a person is sealed', async () => {
    const { document } = await get(`/audit/read-models/people/${world.customer.id}`);
    expect(document).toMatchObject({ email: '[sealed]', displayName: '[sealed]', id: world.customer.id });
    expect(JSON.stringify(document)).not.toMatch(/example\.test|laptop-1|\[sealed\]:/);
  });

  it('of no projection, or that is not there, is 404', async () => {
    const status = async (path: string) => (await world.as.auditor.call('GET', `/audit/read-models/${path}`)).status;
    expect([await status('nothing/x'), await status('orders/x'), await status('audit/1')]).toEqual([404, 404, 404]);
  });
});

describe('unsealing', () => {
  it('shows the value, and the look is an event: by whom, at what and why', async () => {
    const { status, body } = await unsealing(mail());
    expect([status, body.value]).toEqual([200, world.customer.email]);
    const headers = { 'x-min-position': String(body.position) };
    const path = `/audit/events?stream=${String(body.stream)}&minPosition=${String(body.position)}`;
    const { items } = (await world.as.auditor.call('GET', path, undefined, { headers })).body;
    expect(items).toMatchObject([{ type: 'AuditSealOpened', data: { ...mail(), lookId: body.id } }]);
    expect(JSON.stringify(items)).not.toContain(world.customer.email);
  });

  it('asked again with the same key is the same look, with another body 422', async () => {
    const key = { 'idempotency-key': 'one-look' };
    const first = await unsealing(mail(), key);
    const again = await unsealing(mail(), key);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await unsealing({ ...mail(), path: 'displayName' }, key)).status).toBe(422);
  });

  it('needs a sealed field of an event that is there, and a reason', async () => {
    const refused = async (change: Record<string, unknown>) => {
      const { status, body } = await unsealing({ ...mail(), ...change });
      return [status, (body.errors as [{ path: string }] | undefined)?.[0].path];
    };
    expect(await refused({ path: 'emailHash' })).toEqual([400, 'path']);
    expect(await refused({ path: 'constructor' })).toEqual([400, 'path']);
    expect(await refused({ stream: `order-${world.orderId}`, path: 'email' })).toEqual([400, 'path']);
    expect((await refused({ reason: ' ' }))[0]).toBe(400);
    expect((await refused({ revision: '99' }))[0]).toBe(404);
    expect((await refused({ stream: 'account-none' }))[0]).toBe(404);
  });

  it('is for auditors: an administrator sees 403, and nothing is recorded', async () => {
    const before = await world.system.ports.store.head();
    expect((await world.as.admin.call('POST', '/audit/unseal', mail())).status).toBe(403);
    expect((await world.as.admin.call('GET', '/audit/correlations/none')).status).toBe(403);
    expect(await world.system.ports.store.head()).toBe(before);
  });

  it('of an erased person shows `[erased]`, and is recorded all the same', async () => {
    const system = await world.system.restart();
    last = system;
    const { secrets, random, store } = system.ports;
    await personKeys(secrets, random).erase(world.customer.id);
    const before = await store.head();
    const auditor = await signIn(system, 'auditor@example.test');
    expect(await auditor.ok('POST', '/audit/unseal', mail())).toMatchObject({ value: '[erased]', revision: '0' });
    expect(await store.head()).not.toBe(before);
  });
});
