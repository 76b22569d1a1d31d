import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  clientOf,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let admin: Client;
let vendor: VendorPerson;
let other: VendorPerson;
let buyer: Person;
let sorter: OnSale;

beforeEach(async () => {
  system = await startTestSystem();
  admin = await signInAdministrator(system);
  vendor = await approvedVendor(system, 'alpha');
  other = await approvedVendor(system, 'beta');
  sorter = await published(system, vendor);
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
const reason = 'It does not sort my invoices.';
type Answer = Record<string, unknown>;

const bought = async (method = 'pm_card_visa', products: readonly OnSale[] = [sorter]): Promise<string> => {
  const { id } = await buyer.ok('POST', '/orders', orderOf(products, method));
  await settled(system, buyer, id, ['fulfilled']);
  return String(id);
};
const orderWhen = (id: string, what: string, isSo: (order: Answer) => boolean, as: Client = buyer): Promise<Answer> =>
  system.until(what, async () => {
    const order = await as.ok('GET', `/orders/${id}`);
    return isSo(order) && order;
  });
const balanceWhen = (what: string, isSo: (balance: Record<string, number>) => boolean, of: VendorPerson = vendor) =>
  system.until(what, async () => {
    const { items } = await of.ok('GET', `/vendors/${of.vendorId}/balance`);
    const [balance] = Array.isArray(items) ? items : [];
    return balance !== undefined && isSo(balance) && balance;
  });
const stepsOf = ({ timeline }: Answer): unknown[] =>
  Array.isArray(timeline) ? timeline.map(({ step }: { step: unknown }) => step) : [];
const listIn = (value: unknown): Answer[] => (Array.isArray(value) ? value : []);
const requestsIn = ({ refundRequests }: Answer): Answer[] => listIn(refundRequests);
const linesOf = ({ lines }: Answer): Answer[] => listIn(lines);
const amountOf = (money: unknown): unknown => (money instanceof Object && 'amount' in money ? money.amount : undefined);
const code = async (as: Client, path: string, body: unknown) => {
  const reply = await as.call('POST', path, body);
  return reply.status < 300 ? reply.status : reply.body.code;
};

describe('a refund request', () => {
  it('is seen by buyer, vendor and administrator, and answered by a refund', async () => {
    const id = await bought();
    const asked = await buyer.call('POST', `/orders/${id}/refund-requests`, { reason });
    expect(asked).toMatchObject({ status: 201, body: { stream: `order-${id}` } });
    const isOpen = { id: asked.body.id, state: 'open', reason };
    for (const who of [buyer, vendor, admin]) {
      const order = await orderWhen(id, 'asked', ({ refundRequests }) => JSON.stringify(refundRequests) !== '[]', who);
      expect(order).toMatchObject({ state: 'fulfilled', refundRequests: [isOpen] });
      expect(stepsOf(order)).toContain('refundRequestedByBuyer');
    }
    const refund = await vendor.ok('POST', `/orders/${id}/refunds`, { reason: 'sorry' });
    const order = await orderWhen(id, 'refunded', ({ state }) => state === 'refunded');
    expect(order).toMatchObject({
      refundRequests: [{ ...isOpen, state: 'refunded', refundId: refund.id }],
      refunds: [{ id: refund.id, state: 'succeeded' }],
      reason: 'sorry',
    });
    expect(await code(buyer, `/orders/${id}/refund-requests`, { reason })).toBe('REFUND_EXCEEDS');
  });

  it('is refused with a reason, and may be made again', async () => {
    const id = await bought();
    const { id: requestId } = await buyer.ok('POST', `/orders/${id}/refund-requests`, { reason });
    const refuse = `/orders/${id}/refund-requests/${requestId}/refuse`;
    expect(await code(buyer, `/orders/${id}/refund-requests`, { reason })).toBe('REFUND_REQUEST_STATE');
    for (const [who, answer] of [
      [buyer, 'FORBIDDEN'],
      [other, 'NOT_FOUND'],
    ] as const)
      expect(await code(who, refuse, { reason: 'no' })).toBe(answer);
    expect(await code(vendor, refuse, {})).toBe('INVALID_INPUT');
    expect(await code(vendor, refuse, { reason: 'You used it for a year.' })).toBe(200);
    const order = await orderWhen(id, 'refused', (seen) => stepsOf(seen).includes('refundRequestRefused'));
    expect(order).toMatchObject({
      state: 'fulfilled',
      refundRequests: [{ state: 'refused', refusal: 'You used it for a year.' }],
    });
    expect(await code(buyer, `/orders/${id}/refund-requests`, { reason })).toBe(201);
    expect(await code(admin, `/orders/${id}/refund-requests/${sorter.id}/refuse`, { reason })).toBe('NOT_FOUND');
  });

  it('is answered by each vendor for its own lines: one’s refusal leaves the other’s open', async () => {
    const router = await published(system, other, { title: 'Lead router', price: usd(501) });
    const id = await bought('pm_card_visa', [sorter, router]);
    const { id: requestId } = await buyer.ok('POST', `/orders/${id}/refund-requests`, { reason });
    const refuse = `/orders/${id}/refund-requests/${requestId}/refuse`;
    expect(await code(vendor, refuse, { reason: 'It was used.' })).toBe(200);
    const stateFor = async (who: Client | VendorPerson, state: string): Promise<Answer> => {
      const order = await orderWhen(
        id,
        state,
        (seen) => JSON.stringify(requestsIn(seen)[0]?.state) === `"${state}"`,
        who,
      );
      return requestsIn(order)[0] ?? {};
    };
    expect(await stateFor(vendor, 'refused')).toMatchObject({ refusal: 'It was used.', lines: [{ state: 'refused' }] });
    expect(await stateFor(buyer, 'open')).toMatchObject({ lines: [{ state: 'refused' }, { state: 'open' }] });
    const seenByOther = await stateFor(other, 'open');
    expect(seenByOther).toMatchObject({ reason, lines: [{ state: 'open' }] });
    expect(JSON.stringify(seenByOther)).not.toContain('It was used.');
    const refund = await other.ok('POST', `/orders/${id}/refunds`, { reason: 'sorry' });
    expect(await stateFor(buyer, 'refunded')).toMatchObject({
      refundId: refund.id,
      refusal: 'It was used.',
      lines: [{ state: 'refused' }, { state: 'refunded', refundId: refund.id }],
    });
    await orderWhen(
      id,
      'refunded in part',
      ({ state, refunded }) => state === 'partiallyRefunded' && amountOf(refunded) === 501,
    );
    expect(await code(vendor, refuse, { reason: 'again' })).toBe(200);
    expect(await code(other, refuse, { reason: 'too late' })).toBe('REFUND_REQUEST_STATE');
  });

  it('is about the lines that it names', async () => {
    const router = await published(system, other, { title: 'Lead router', price: usd(501) });
    const id = await bought('pm_card_visa', [sorter, router]);
    const lineId = linesOf(await buyer.ok('GET', `/orders/${id}`)).find((line) => line.productId === router.id)?.id;
    const ask = (lines: unknown) => buyer.call('POST', `/orders/${id}/refund-requests`, { reason, lines });
    const asked = await ask([{ lineId }]);
    expect(asked.status).toBe(201);
    const order = await orderWhen(id, 'asked', (seen) => requestsIn(seen).length > 0, other);
    expect(requestsIn(order)).toMatchObject([{ id: asked.body.id, lines: [{ lineId }] }]);
    expect(requestsIn(await vendor.ok('GET', `/orders/${id}`))).toEqual([]);
    const refuse = `/orders/${id}/refund-requests/${asked.body.id}/refuse`;
    expect(await code(vendor, refuse, { reason: 'not mine' })).toBe('NOT_FOUND');
    expect((await ask([{ lineId }])).body.code).toBe('REFUND_REQUEST_STATE');
    expect((await ask([{ lineId: buyer.id }])).body).toMatchObject({
      code: 'INVALID_INPUT',
      errors: [{ path: 'lines.0.lineId' }],
    });
  });

  it('is its buyer’s alone, of a paid order', async () => {
    const id = await bought();
    for (const who of [vendor, admin, other])
      expect(await code(who, `/orders/${id}/refund-requests`, { reason })).toBe('NOT_FOUND');
    const waiting = await buyer.ok('POST', '/orders', orderOf([sorter], 'pm_card_authenticationRequired'));
    expect(await code(buyer, `/orders/${waiting.id}/refund-requests`, { reason })).toBe('ORDER_STATE');
    expect(await code(buyer, `/orders/${id}/refund-requests`, { reason: ' ' })).toBe('INVALID_INPUT');
  });

  it('lies nowhere in clear: the log seals the buyer’s words, and read models but people do not hold them', async () => {
    const id = await bought();
    await buyer.ok('POST', `/orders/${id}/refund-requests`, { reason });
    await orderWhen(id, 'asked', ({ refundRequests }) => JSON.stringify(refundRequests) !== '[]');
    const { store, readModels } = system.ports;
    for await (const batch of store.readAll())
      for (const { data } of batch) expect(Buffer.from(data).toString()).not.toContain(reason);
    for (const name of ['orders', 'desk']) {
      const found = await readModels.documents.find(name, { limit: 100 });
      expect(JSON.stringify(found)).not.toContain(reason);
    }
  });
});

describe('a dispute', () => {
  const opened = async (): Promise<string> => {
    const id = await bought('pm_card_createDispute');
    await orderWhen(id, 'disputed', ({ disputed }) => disputed === true);
    await balanceWhen('reserved', ({ reserved = 0 }) => reserved > 0);
    return id;
  };
  const licenseState = async (): Promise<unknown> => {
    const { items } = await buyer.ok('GET', '/licenses');
    return Array.isArray(items) ? items[0]?.state : undefined;
  };
  const evidence = (id: string, text: string, as: Client = vendor) =>
    as.call('POST', `/orders/${id}/dispute/evidence`, { text });
  const disputesOf = async (as: Client): Promise<Answer[]> => {
    const { items } = await as.ok('GET', '/disputes');
    return Array.isArray(items) ? items : [];
  };

  it('opened: the licence is suspended, the line’s net reserved; a refund is refused', async () => {
    const id = await opened();
    expect(await buyer.ok('GET', `/orders/${id}`)).toMatchObject({
      ...{ state: 'fulfilled', disputed: true, licenses: [{ state: 'suspended' }] },
      dispute: { state: 'open', amount: usd(1999), reason: 'fraudulent' },
    });
    expect(await licenseState()).toBe('suspended');
    expect(await balanceWhen('reserved', () => true)).toMatchObject({ pending: 0, available: 0, reserved: 1799 });
    expect(await code(vendor, `/orders/${id}/refunds`, { reason: 'sorry' })).toBe('ORDER_DISPUTED');
    expect(await code(buyer, `/orders/${id}/refund-requests`, { reason })).toBe('ORDER_DISPUTED');
  });

  it('is listed for its vendor and administrators with the evidence against it, for nobody else', async () => {
    const id = await opened();
    expect(await disputesOf(other)).toEqual([]);
    expect((await buyer.call('GET', '/disputes')).status).toBe(403);
    expect((await evidence(id, 'mine', other)).status).toBe(404);
    expect((await evidence(id, 'mine', buyer)).status).toBe(403);
    expect((await evidence(id, 'It was downloaded twice.')).status).toBe(202);
    for (const who of [vendor, admin]) {
      const [dispute] = await system.until('evidence sent', async () => {
        const found = await disputesOf(who);
        return JSON.stringify(found).includes('"sent"') && found;
      });
      expect(dispute).toMatchObject({
        ...{ orderId: id, state: 'open', amount: usd(1999), reason: 'fraudulent' },
        evidence: [{ state: 'sent', text: 'It was downloaded twice.' }],
      });
    }
    for await (const batch of system.ports.store.readAll())
      for (const { data } of batch) expect(Buffer.from(data).toString()).not.toContain('downloaded twice');
  });

  it('won by evidence: licence and money are restored', async () => {
    const id = await opened();
    await evidence(id, 'winning_evidence: it was downloaded twice');
    const order = await orderWhen(id, 'won', ({ dispute }) => JSON.stringify(dispute).includes('"won"'));
    expect(order).toMatchObject({ state: 'fulfilled', disputed: false, refunded: usd(0) });
    await system.until('restored', async () => (await licenseState()) === 'active');
    expect(await balanceWhen('given back', ({ reserved }) => reserved === 0)).toMatchObject({ pending: 1799 });
    expect((await disputesOf(vendor))[0]).toMatchObject({ state: 'won' });
    expect((await evidence(id, 'more')).body.code).toBe('ORDER_STATE');
    expect(await code(vendor, `/orders/${id}/refunds`, { reason: 'sorry' })).toBe(202);
  });

  it('lost: the order is refunded, the licence revoked, the vendor debited once, the market bears the fee', async () => {
    const id = await opened();
    await evidence(id, 'losing_evidence', admin);
    const order = await orderWhen(id, 'lost', ({ state }) => state === 'refunded');
    expect(order).toMatchObject({
      ...{ reason: 'dispute_lost', disputed: false, refunded: usd(1999), payment: { state: 'refunded' } },
      dispute: { state: 'lost' },
    });
    await system.until('revoked', async () => (await licenseState()) === 'revoked');
    expect(await balanceWhen('debited', ({ reserved }) => reserved === 0)).toMatchObject({
      ...{ pending: 0, available: 0, reserved: 0, paidOut: 0 },
    });
    const { items } = await vendor.ok('GET', `/vendors/${vendor.vendorId}/ledger?limit=100`);
    const debits = (Array.isArray(items) ? items : []).filter(({ effect }) => effect === 'DisputeCharged');
    const amounts = Object.fromEntries(debits.map(({ account, amount }) => [account, amount.amount]));
    expect(amounts).toEqual({ clearing: 1999, commission: -200, reserved: -1799 });
    expect(await code(admin, `/orders/${id}/refunds`, { reason: 'again' })).toBe('REFUND_EXCEEDS');
    expect((await disputesOf(admin))[0]).toMatchObject({ state: 'lost', closedAt: expect.any(String) });
  });

  it('takes evidence once for one idempotency key, and after a crash still sends it', async () => {
    const id = await opened();
    const headers = { 'idempotency-key': 'evidence' };
    const body = { text: 'winning_evidence' };
    const first = await vendor.call('POST', `/orders/${id}/dispute/evidence`, body, { headers });
    const again = await vendor.call('POST', `/orders/${id}/dispute/evidence`, body, { headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    system = await system.restart();
    const seen = await orderWhen(id, 'won', ({ disputed }) => disputed === false, clientOf(system, buyer.token));
    expect(stepsOf(seen).filter((step) => step === 'evidenceSubmitted')).toHaveLength(1);
  });

  it('of an order of two vendors concerns each with its own part', async () => {
    const router = await published(system, other, { title: 'Lead router', price: usd(501) });
    const { id } = await buyer.ok('POST', '/orders', orderOf([sorter, router], 'pm_card_createDispute'));
    await settled(system, buyer, id, ['fulfilled']);
    for (const [who, amount, net] of [
      [vendor, 1999, 1799],
      [other, 501, 451],
    ] as const) {
      await balanceWhen('reserved', ({ reserved }) => reserved === net, who);
      const [dispute] = await system.until('listed', async () => {
        const found = await disputesOf(who);
        return found.length > 0 && found;
      });
      expect(dispute).toMatchObject({ orderId: id, amount: usd(amount) });
    }
    expect(await disputesOf(admin)).toMatchObject([{ amount: usd(2500) }]);
  });
});
