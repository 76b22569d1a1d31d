import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tracesOf } from '../kill/traces.ts';
import {
  approvedVendor,
  type Client,
  clientOf,
  orderOf,
  type Person,
  published,
  settled,
  signIn,
  signInAdministrator,
  withRole,
} from './test-client.ts';
import { startTestSystem, type TestOptions, type TestSystem } from './test-system.ts';

const password = 'a long enough passphrase 42';

const started = async (options: TestOptions = {}): Promise<TestSystem> => {
  const system = await startTestSystem(options);
  onTestFinished(() => system.dispose());
  return system;
};

/** Words that stand nowhere but in what the person said of herself. */
const marks = {
  name: 'Zyxwvina Markerson',
  renamed: 'Qwertzia Umbenannt',
  email: 'zyxwvina.unique@marker.test',
  moved: 'qwertzia.moved@marker.test',
  billing: 'Hildegund Rechnungsmark',
  machine: 'maschine-plomkorf-77',
  machineName: 'Laptop of Plomkorfine',
  key: 'Nightly job of Zyxwvina',
  praise: 'Plomkorfs Lieblingsautomat',
  words: 'I, Zyxwvina of Plomkorf, sort with it daily.',
  wish: 'My cat Plomkorfella sat on the key.',
};

type Known = Person & { readonly licenseId: string; readonly orderId: string };

/** Everything that a buyer may tell about herself. */
const buyerWithMarks = async (system: TestSystem, product: { id: string; amount: number }): Promise<Known> => {
  const anyone = clientOf(system);
  const body = { email: marks.email, password, displayName: marks.name };
  const { id } = await anyone.ok('POST', '/auth/register', body);
  const buyer = await signIn(system, marks.email);
  await anyone.ok('POST', '/auth/password/forgot', { email: marks.email });
  const billing = { country: 'DE', name: marks.billing };
  const order = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_visa', { billing }));
  const done = await settled(system, buyer, order.id, ['fulfilled']);
  const licenses = Array.isArray(done.licenses) ? done.licenses : [];
  const licenseId = String(licenses[0].id);
  await buyer.ok('POST', `/licenses/${licenseId}/activations`, { machine: marks.machine, name: marks.machineName });
  await buyer.ok('POST', '/api-keys', { name: marks.key, scopes: ['read'] });
  const review = { stars: 4, title: marks.praise, body: marks.words };
  await buyer.ok('POST', `/products/${product.id}/reviews`, review, { headers: { 'idempotency-key': 'my-review' } });
  await buyer.ok('POST', `/orders/${String(order.id)}/refund-requests`, { reason: marks.wish });
  await buyer.ok('PATCH', '/me', { displayName: marks.renamed, email: marks.moved });
  return { ...buyer, id: String(id), email: marks.moved, licenseId, orderId: String(order.id) };
};

const found = (dir: string): readonly string[] => tracesOf(Object.values(marks), dir);

const eraseMe = async (system: TestSystem, person: Person): Promise<void> => {
  const erased = await person.call('DELETE', '/me');
  expect(erased).toMatchObject({ status: 202, body: { id: person.id } });
  await system.until('the erasure is complete', async () => {
    for await (const batch of system.ports.store.readStream(`account-${person.id}`))
      if (batch.some(({ type }) => type === 'AccountErasureCompleted')) return true;
    return false;
  });
};

describe('a person who is erased', () => {
  it('is nowhere in any file, and the log tells the rest of the story', async () => {
    const system = await started();
    const seller = await approvedVendor(system, 'seller');
    const product = await published(system, seller);
    const buyer = await buyerWithMarks(system, product);
    const auditor = await withRole(system, 'auditor', 'auditor');
    const before = await buyer.ok('GET', `/orders/${buyer.orderId}`);
    // A generation beside the live one holds the person too.
    const operator = await withRole(system, 'operator', 'operator');
    await operator.ok('POST', '/operator/projections/people/rebuild', { reason: 'a second generation' });
    await system.until('two generations', async () => {
      const generations = await system.ports.readModels.sink.generations('people');
      return generations.some(({ state }) => state === 'retained');
    });
    expect(found(system.dir)).not.toEqual([]);

    await eraseMe(system, buyer);

    expect(found(system.dir)).toEqual([]);
    expect((await buyer.call('GET', '/me')).status).toBe(401);
    const login = { email: marks.moved, password };
    expect((await clientOf(system).call('POST', '/auth/login', login)).body.code).toBe('INVALID_CREDENTIALS');

    // History, for auditors: the facts stay, the person reads [erased].
    const stream = await auditor.ok('GET', `/audit/streams/account-${buyer.id}`);
    expect(JSON.stringify(stream)).toContain('[erased]');
    const order = await auditor.ok('GET', `/audit/streams/order-${buyer.orderId}`);
    expect(JSON.stringify(order)).toContain('[erased]');
    expect(JSON.stringify(order)).toContain(`"amount":${JSON.stringify(before.total).match(/"amount":(\d+)/)?.[1]}`);
    const admin = await signInAdministrator(system);
    expect(await admin.ok('GET', `/orders/${buyer.orderId}`)).toMatchObject({
      state: 'fulfilled',
      total: before.total,
    });
    expect((await seller.ok('GET', `/vendors/${seller.vendorId}/balance`)).items).toMatchObject([{ pending: 1799 }]);

    // Others are untouched.
    expect(await seller.ok('GET', '/me')).toMatchObject({ displayName: 'seller', email: seller.email });

    // The addresses are free.
    for (const email of [marks.email, marks.moved])
      expect(
        (await clientOf(system).call('POST', '/auth/register', { email, password, displayName: 'New' })).status,
      ).toBe(201);
  });

  it('leaves a log that fits its hash chain and the heads signed before and after', async () => {
    const system = await started();
    const buyer = await buyerWithMarks(system, await published(system, await approvedVendor(system, 'seller')));
    const auditor = await withRole(system, 'auditor', 'auditor');
    const before = await auditor.ok('GET', '/audit/proof');
    await eraseMe(system, buyer);
    const head = String(await system.ports.store.head());
    const wait = { headers: { 'x-min-position': head } };
    const after = await auditor.ok('GET', '/audit/proof', undefined, wait);
    expect(Number(after.events)).toBeGreaterThan(Number(before.events));
    expect(await auditor.ok('POST', '/audit/verify', {}, wait)).toEqual({
      ...{ ok: true, verified: Number(after.events), from: '0', to: head },
    });
    expect((await system.ports.signedHeads.list()).map(({ head }) => head)).toEqual([before.head, after.head]);
    expect(await auditor.ok('GET', '/audit/proof')).toMatchObject({ verifiedUpTo: head });

    // Also what read models once showed can still be told, without the person.
    const { document } = await auditor.ok('GET', `/audit/read-models/orders/${buyer.orderId}`);
    expect(document).toMatchObject({ id: buyer.orderId, state: 'fulfilled' });
  });

  it('takes on nothing personal any more, also by the key of a licence', async () => {
    const system = await started();
    const buyer = await buyerWithMarks(system, await published(system, await approvedVendor(system, 'seller')));
    const { key } = await buyer.ok('GET', `/licenses/${buyer.licenseId}`);
    await eraseMe(system, buyer);
    const machine = { machine: marks.machine, key };
    const answer = await clientOf(system).call('POST', `/licenses/${buyer.licenseId}/activations`, machine);
    expect(answer).toMatchObject({ status: 409, body: { code: 'ACCOUNT_ERASED' } });
    expect(found(system.dir)).toEqual([]);
  });

  it('is not there either after a restart and a rebuild of all that was read from the log', async () => {
    const first = await startTestSystem();
    const seller = await approvedVendor(first, 'seller');
    const buyer = await buyerWithMarks(first, await published(first, seller));
    await eraseMe(first, buyer);
    await first.stop();
    for (const name of readdirSync(first.dir)) if (name.startsWith('read-models')) rmSync(join(first.dir, name));
    const system = await started({ dir: first.dir, startAt: first.clock.now() + 1_000 });
    const auditor = await withRole(system, 'auditor', 'auditor');
    const stream = await auditor.ok('GET', `/audit/streams/account-${buyer.id}`);
    expect(JSON.stringify(stream)).toContain('[erased]');
    expect(found(system.dir)).toEqual([]);
  });

  it('is erased again when a backup from before is put back', async () => {
    const first = await startTestSystem();
    const seller = await approvedVendor(first, 'seller');
    const buyer = await buyerWithMarks(first, await published(first, seller));
    await first.stop();
    const backup = mkdtempSync(join(tmpdir(), 'autopilot-backup-'));
    onTestFinished(() => rmSync(backup, { recursive: true, force: true }));
    const files = readdirSync(first.dir).filter((name) => /\.sqlite/.test(name) && !name.startsWith('lock'));
    for (const name of files) copyFileSync(join(first.dir, name), join(backup, name));

    const second = await startTestSystem({ dir: first.dir, startAt: first.clock.now() + 1_000 });
    await eraseMe(second, { ...(await signIn(second, marks.moved)), id: buyer.id, email: marks.moved });
    await second.stop();
    for (const name of readdirSync(first.dir)) if (/\.sqlite/.test(name)) rmSync(join(first.dir, name));
    for (const name of files) copyFileSync(join(backup, name), join(first.dir, name));

    const system = await started({ dir: first.dir, startAt: second.clock.now() + 1_000 });
    const login = await clientOf(system).call('POST', '/auth/login', { email: marks.moved, password });
    expect(login.status).toBe(401);
    await system.until('erased again', async () => found(system.dir).length === 0);
  });

  it('comes out of the read models also when a crash came in between', async () => {
    const first = await startTestSystem({
      wrap: (ports) => ({
        ...ports,
        readModels: {
          ...ports.readModels,
          erasure: {
            ...ports.readModels.erasure,
            scrub: () => Promise.reject(new Error('crashed')),
          },
        },
      }),
    });
    const seller = await approvedVendor(first, 'seller');
    const buyer = await buyerWithMarks(first, await published(first, seller));
    expect((await buyer.call('DELETE', '/me')).status).toBe(202);
    await first.clock.advance(1_000);
    await first.stop();
    expect(found(first.dir)).not.toEqual([]);
    const system = await started({ dir: first.dir, startAt: first.clock.now() + 1_000 });
    await system.until('erased', async () => found(system.dir).length === 0);
  });
});

describe('erasing oneself', () => {
  const refused = async (person: Client) =>
    expect(await person.call('DELETE', '/me')).toMatchObject({ status: 409, body: { code: 'ACCOUNT_BUSY' } });

  it('waits for one’s orders to come to their end', async () => {
    const system = await started();
    const seller = await approvedVendor(system, 'seller');
    const product = await published(system, seller);
    await clientOf(system).ok('POST', '/auth/register', { email: 'b@example.test', password, displayName: 'Bea' });
    const buyer = await signIn(system, 'b@example.test');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_authenticationRequired'));
    await settled(system, buyer, id, ['awaitingConfirmation']);
    await refused(buyer);
    await buyer.ok('POST', `/orders/${id}/cancel`);
    await settled(system, buyer, id, ['cancelled']);
    await system.until('free to go', async () => (await buyer.call('DELETE', '/me')).status === 202);
  });

  it('waits for disputes', async () => {
    const system = await started();
    const product = await published(system, await approvedVendor(system, 'seller'));
    await clientOf(system).ok('POST', '/auth/register', { email: 'd@example.test', password, displayName: 'Dis' });
    const buyer = await signIn(system, 'd@example.test');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_createDispute'));
    await system.until('disputed', async () => (await buyer.call('GET', `/orders/${id}`)).body.disputed === true);
    await refused(buyer);
  });

  it('waits for a vendor’s money, and takes the vendor’s products off sale', async () => {
    const system = await started({ env: { SETTLEMENT_DELAY_S: '1' } });
    const seller = await approvedVendor(system, 'seller');
    const product = await published(system, seller);
    await clientOf(system).ok('POST', '/auth/register', { email: 'c@example.test', password, displayName: 'Cus' });
    const buyer = await signIn(system, 'c@example.test');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await refused(seller);
    const amount = { amount: 1799, currency: 'USD' };
    await system.until('available', async () => {
      const payout = await seller.call('POST', `/vendors/${seller.vendorId}/payouts`, { amount });
      return payout.status === 202;
    });
    await system.until('paid out', async () => (await seller.call('DELETE', '/me')).status === 202);
    await system.until('off sale', async () => {
      const order = await buyer.call('POST', '/orders', orderOf([product]));
      return order.status === 409 && order.body.code === 'NOT_ON_SALE';
    });
  });

  it('is not for the last administrator', async () => {
    const system = await started();
    const admin = await signInAdministrator(system);
    expect((await admin.call('DELETE', '/me')).body.code).toBe('LAST_ADMIN');
  });
});
