import { afterEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  orderOf,
  published,
  registered,
  settled,
  signInAdministrator,
  withRole,
} from './test-client.ts';
import { startTestSystem, type TestOptions, type TestSystem } from './test-system.ts';

let system: TestSystem;
afterEach(() => system.dispose());

type Item = Record<string, unknown>;
const itemsOf = (body: Record<string, unknown>): readonly Item[] => {
  if (!Array.isArray(body.items)) throw new Error(`no items in ${JSON.stringify(body)}`);
  return body.items;
};
const begin = async (options: TestOptions = {}): Promise<Client> => {
  system = await startTestSystem(options);
  return withRole(system, 'otto', 'operator');
};
const projectionWhen = (operator: Client, name: string, what: Record<string, unknown>) =>
  system.until(`${name} is ${JSON.stringify(what)}`, async () => {
    const { body } = await operator.call('GET', `/operator/projections/${name}`);
    return Object.entries(what).every(([field, value]) => body[field] === value) && body;
  });

describe('projections', () => {
  const rebuilt = async (operator: Client, name: string, generation: number) => {
    expect(await operator.call('POST', `/operator/projections/${name}/rebuild`, { reason: 'spec' })).toMatchObject({
      status: 202,
      body: { id: name, stream: `projection-${name}` },
    });
    await projectionWhen(operator, name, { state: 'live', generation });
  };

  it('are rebuilt, rolled back, forward again, and the kept generation is dropped', async () => {
    const operator = await begin();
    const vendor = await approvedVendor(system, 'vera');
    await published(system, vendor);
    await rebuilt(operator, 'catalogue', 2);
    await operator.ok('POST', '/operator/projections/catalogue/rollback');
    await projectionWhen(operator, 'catalogue', { generation: 1, state: 'live' });
    const second = await published(system, vendor, { title: 'Mail sorter' });
    await operator.ok('POST', '/operator/projections/catalogue/rollback');
    await projectionWhen(operator, 'catalogue', { generation: 2, state: 'live' });
    const { body } = await operator.call('GET', '/products');
    expect(itemsOf(body).map(({ id }) => id)).toContain(second.id);
    expect(itemsOf(body)).toHaveLength(2);
    await operator.ok('POST', '/operator/projections/catalogue/drop');
    await system.until('dropped', async () => {
      const [kept] = await system.ports.readModels.sink.generations('catalogue');
      return kept?.state === 'dropped';
    });
    expect(await operator.call('POST', '/operator/projections/catalogue/rollback')).toMatchObject({
      status: 409,
      body: { code: 'PROJECTION_STATE' },
    });
  });

  it('are paused, which survives a restart, and resumed: commands answer, readers wait in vain and get what they had', async () => {
    let operator = await begin();
    await registered(system, 'vera');
    await operator.ok('POST', '/operator/projections/vendors/pause');
    await projectionWhen(operator, 'vendors', { state: 'paused' });
    system = await system.restart();
    operator = await withRole(system, 'olga', 'operator');
    await projectionWhen(operator, 'vendors', { state: 'paused' });
    const vendor = await registered(system, 'victor');
    const body = { displayName: 'Victor', country: 'DE', defaultCurrency: 'USD' };
    const { position, id } = await vendor.ok('POST', '/vendors', body);
    const waiting = vendor.call('GET', `/vendors/${String(id)}`, undefined, {
      headers: { 'x-min-position': String(position) },
    });
    await system.clock.advance(5_100);
    expect(await waiting).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
    expect((await operator.call('POST', '/operator/projections/vendors/pause')).status).toBe(409);
    expect((await operator.call('POST', '/operator/projections/vendors/rebuild')).status).toBe(409);
    await operator.ok('POST', '/operator/projections/vendors/resume');
    await projectionWhen(operator, 'vendors', { state: 'live' });
    const found = await vendor.call('GET', `/vendors/${String(id)}`, undefined, {
      headers: { 'x-min-position': String(position) },
    });
    expect(found.status).not.toBe(503);
  });

  it('refuse what their state does not allow, strangers and unknown names', async () => {
    const operator = await begin();
    for (const verb of ['resume', 'cancel', 'rollback', 'drop'])
      expect(await operator.call('POST', `/operator/projections/orders/${verb}`)).toMatchObject({
        status: 409,
        body: { code: 'PROJECTION_STATE' },
      });
    expect((await operator.call('POST', '/operator/projections/nothing/pause')).status).toBe(404);
    expect((await operator.call('POST', '/operator/projections/orders/pause', { why: 1 })).status).toBe(400);
    const admin = await signInAdministrator(system);
    expect((await admin.call('POST', '/operator/projections/orders/pause')).status).toBe(403);
  });
});

describe('dead letters', () => {
  const letters = async (operator: Client, filter = ''): Promise<readonly Item[]> =>
    itemsOf(await operator.ok('GET', `/operator/dead-letters?limit=100${filter}`));
  /** An event that nobody can read, in a stream that two projections concern themselves with. */
  const poisoned = async (operator: Client): Promise<readonly Item[]> => {
    const bytes = new TextEncoder().encode('{secret');
    await system.ports.store.append('coupon-BROKEN', 'no_stream', [
      { id: '0197a000-0000-7000-8000-00000000beef', type: 'CouponReserved', data: bytes, metadata: bytes },
    ]);
    return system.until('parked', async () => {
      const found = await letters(operator);
      return found.length >= 2 && found;
    });
  };

  it('are listed without what is in the event, page by page, by projection, stream and document', async () => {
    const operator = await begin();
    const found = await poisoned(operator);
    expect(found).toEqual(
      found.map(() => ({
        ...{ id: expect.any(String), projection: expect.any(String), generation: 1, position: expect.any(String) },
        ...{ stream: 'coupon-BROKEN', revision: '0', type: 'CouponReserved', documentId: null },
        ...{ reason: expect.any(String), parkedAt: expect.any(String) },
      })),
    );
    expect(JSON.stringify(found)).not.toContain('secret');
    expect(await letters(operator, '&projection=coupons')).toHaveLength(1);
    expect(await letters(operator, '&stream=coupon-BROKEN')).toEqual(found);
    expect(await letters(operator, '&stream=coupon-WHOLE')).toEqual([]);
    expect(await letters(operator, '&documentId=BROKEN')).toEqual([]);
    const first = await operator.ok('GET', '/operator/dead-letters?limit=1');
    const second = await operator.ok('GET', `/operator/dead-letters?limit=1&cursor=${String(first.nextCursor)}`);
    expect([...itemsOf(first), ...itemsOf(second)]).toEqual(found.slice(0, 2));
  });

  it('stay when a replay does not help, and go when they are discarded; who did it and why is in the log', async () => {
    const operator = await begin();
    await poisoned(operator);
    const [letter] = await letters(operator, '&projection=coupons');
    const path = `/operator/dead-letters/${String(letter?.id)}`;
    const replayed = await operator.ok('POST', `${path}/replay`, { reason: 'perhaps' });
    await system.until('tried again', async () =>
      system.ports.readModels.documents
        .position('coupons')
        .then((at) => at !== undefined && at >= BigInt(String(replayed.position))),
    );
    expect(await letters(operator, '&projection=coupons')).toHaveLength(1);
    expect((await operator.call('POST', `${path}/discard`)).status).toBe(400);
    const key = { headers: { 'idempotency-key': 'discard-once' } };
    const discarded = await operator.call('POST', `${path}/discard`, { reason: 'written by hand' }, key);
    expect(discarded).toMatchObject({ status: 200, body: { id: letter?.id } });
    await system.until('gone', async () => (await letters(operator, '&projection=coupons')).length === 0);
    const again = await operator.call('POST', `${path}/discard`, { reason: 'written by hand' }, key);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await operator.call('POST', `${path}/replay`)).status).toBe(404);
    const auditor = await withRole(system, 'ada', 'auditor');
    const { items } = await auditor.ok('GET', `/audit/events?stream=deadLetter-${String(letter?.id)}`);
    expect(itemsOf({ items })).toMatchObject([
      { type: 'DeadLetterReplayRequested', data: { reason: 'perhaps' } },
      {
        type: 'DeadLetterDiscarded',
        data: { reason: 'written by hand' },
        metadata: { actorId: expect.any(String), actorRole: 'operator' },
      },
    ]);
  });
});

describe('sagas', () => {
  it('that give money back in vain wait for an operator, who records how it went back, with a reason', async () => {
    const operator = await begin();
    const vendor = await approvedVendor(system, 'vera');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'bob');
    // Cancelled while the provider captures.
    const { id } = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_refundFail'));
    const cancelled = await buyer.call('POST', `/orders/${String(id)}/cancel`);
    expect(cancelled.status).toBe(200);
    const saga = await system.until('the desk', async () => {
      const { items } = await operator.ok('GET', '/operator/sagas');
      return itemsOf({ items }).find(({ owes }) => Array.isArray(owes) && owes.includes('awaitOperator'));
    });
    expect(saga).toMatchObject({
      id: `checkout:${String(id)}`,
      saga: 'checkout',
      stream: `order-${String(id)}`,
      owes: ['awaitOperator'],
      tries: 3,
      overdue: true,
    });
    expect(saga.lastAnswer).toEqual(expect.any(String));
    expect((await operator.call('POST', `/operator/sagas/${saga.id}/retry`)).status).toBe(202);
    const resolve = { outcome: 'refunded', reason: 'bank transfer of today' };
    const path = `/operator/sagas/${encodeURIComponent(String(saga.id))}/resolve`;
    expect((await buyer.call('POST', path, resolve)).status).toBe(403);
    expect((await operator.call('POST', path, { outcome: 'forgotten', reason: 'x' })).status).toBe(400);
    const key = { headers: { 'idempotency-key': 'once' } };
    const first = await operator.call('POST', path, resolve, key);
    expect(first).toMatchObject({ status: 200, body: { id: saga.id, stream: saga.stream } });
    expect((await operator.call('POST', path, resolve, key)).headers['idempotent-replayed']).toBe('true');
    const order = await system.until('money is back', async () => {
      const { body } = await buyer.call('GET', `/orders/${String(id)}`);
      return (body.payment as Item).state === 'refunded' && body;
    });
    expect(order.state).toBe('cancelled');
    expect(await operator.call('POST', path, { ...resolve, reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'SAGA_STATE' },
    });
    await system.until('the desk is clear', async () => {
      const { items } = await operator.ok('GET', '/operator/sagas');
      return itemsOf({ items }).every(({ id: left }) => left !== saga.id);
    });
    const auditor = await withRole(system, 'ada', 'auditor');
    const { items } = await auditor.ok('GET', `/audit/events?stream=order-${String(id)}&type=OrderRefunded`);
    expect(itemsOf({ items })).toMatchObject([
      { data: { note: 'bank transfer of today' }, metadata: { actorRole: 'operator' } },
    ]);
  });

  it('of other kinds can be retried, not resolved; what owes nothing is not there', async () => {
    const operator = await begin();
    const vendor = await approvedVendor(system, 'vera');
    const buyer = await registered(system, 'bob');
    const { id } = await buyer.ok('POST', '/orders', orderOf([await published(system, vendor)]));
    await settled(system, buyer, id, ['fulfilled']);
    const maturity = await system.until('the sale waits', async () => {
      const { items } = await operator.ok('GET', '/operator/sagas');
      return itemsOf({ items }).find(({ saga }) => saga === 'maturity');
    });
    expect(maturity).toMatchObject({ owes: ['mature'], overdue: false, tries: 0, lastAnswer: null });
    const resolve = { outcome: 'refunded', reason: 'x' };
    expect((await operator.call('POST', `/operator/sagas/${String(maturity.id)}/resolve`, resolve)).status).toBe(409);
    expect((await operator.call('POST', `/operator/sagas/checkout:${String(id)}/resolve`, resolve)).status).toBe(409);
    expect((await operator.call('POST', '/operator/sagas/checkout:nothing/resolve', resolve)).status).toBe(404);
    expect((await operator.call('POST', '/operator/sagas/checkout:nothing/retry')).status).toBe(404);
    expect((await operator.call('POST', `/operator/sagas/${String(maturity.id)}/retry`)).status).toBe(202);
  });
});

describe('the system itself', () => {
  it('says how each engine is, and which does not answer', async () => {
    const operator = await begin({
      wrap: (ports) => ({
        ...ports,
        counters: {
          hit: async () => {
            throw new Error('out of order');
          },
        },
      }),
    });
    const { items } = await operator.ok('GET', '/operator/engines');
    const engines = new Map(itemsOf({ items }).map((engine) => [engine.name, engine]));
    expect([...engines.keys()]).toEqual([
      'eventStore',
      'readModels',
      'search',
      'cache',
      'objects',
      'secrets',
      'payments',
      'scanner',
    ]);
    expect(engines.get('cache')).toMatchObject({ adapter: 'in-process', state: 'down', detail: 'out of order' });
    for (const [name, engine] of engines) if (name !== 'cache') expect(engine).toMatchObject({ state: 'up' });
  });

  it('has metrics for those inside, and none for others', async () => {
    const operator = await begin();
    await operator.ok('GET', '/operator/projections');
    const { status, body, headers } = await operator.call('GET', '//metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/plain');
    for (const line of [
      'autopilot_request_duration_seconds_count{method="GET",route="/api/v1/operator/projections",status="200"} 1',
      'autopilot_events_appended_total{category="account"}',
      'autopilot_projection_lag_events{projection="orders"} 0',
      'autopilot_projection_state{projection="orders",state="live"} 1',
      'autopilot_sagas_owing 0',
      'nodejs_eventloop_lag_seconds',
      'process_resident_memory_bytes',
    ])
      expect(body.text).toContain(line);
    const outside = await system.app.inject({ url: '/metrics', remoteAddress: '203.0.113.7' });
    expect(outside.statusCode).toBe(404);
    const proxied = await system.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(proxied.statusCode).toBe(404);
  });
});
