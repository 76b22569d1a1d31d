import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PaymentProvider } from '../payments/port.ts';
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
  withRole,
} from './test-client.ts';
import { quiet } from './test-end-state.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

// Each outcome as one chain: provider → ledger → licence → downloads → review → notification, under one correlation id.

let system: TestSystem;
let provider: PaymentProvider;
let admin: Client;
let auditor: Client;
let vendor: VendorPerson;
let buyer: Person;
let product: OnSale;

beforeEach(async () => {
  system = await startTestSystem({
    env: { SETTLEMENT_DELAY_S: '0' },
    wrap: (ports) => ({
      ...ports,
      payments: (deliver) => {
        const payments = ports.payments(deliver);
        provider = payments.provider;
        return payments;
      },
    }),
  });
  admin = await signInAdministrator(system);
  auditor = await withRole(system, 'auditor', 'auditor');
  vendor = await approvedVendor(system, 'alpha');
  product = await published(system, vendor);
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

type Row = Record<string, unknown>;
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

/** What follows from an outcome, as everybody concerned sees it. */
type Outcome = {
  readonly order?: string;
  readonly balance: { readonly available: number; readonly reserved: number };
  readonly license?: string;
  readonly downloads?: boolean;
  readonly reviews?: number;
  /** Kinds of the notifications of the chain. */
  readonly tells: readonly string[];
};

const seen = async (orderId: unknown): Promise<Outcome> => {
  const order = await buyer.ok('GET', `/orders/${String(orderId)}`);
  const [license] = rowsOf(order.licenses);
  const [balance] = rowsOf((await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`)).items);
  const download = await buyer.call('POST', '/downloads', { licenseId: license?.id });
  const { count } = await clientOf(system).ok('GET', `/products/${product.id}/reviews`);
  return {
    order: String(order.state),
    balance: { available: Number(balance?.available), reserved: Number(balance?.reserved) },
    license: String(license?.state),
    downloads: download.status < 300,
    reviews: Number(count),
    tells: [],
  };
};

type Event = { readonly type: string; readonly data: Row; readonly metadata: { readonly correlationId: string } };
const eventsOf = async (query: string): Promise<readonly Event[]> =>
  (await auditor.ok('GET', `/audit/events?limit=100&${query}`)).items as Event[];

/** All that carries the correlation id of the only event of this type. */
const chainFrom = async (type: string): Promise<readonly Event[]> => {
  const [first, ...more] = await eventsOf(`type=${type}`);
  expect([first?.type, more]).toEqual([type, []]);
  return eventsOf(`correlationId=${first?.metadata.correlationId}`);
};

/** The chain holds every event of these types that there is, and tells these things. */
const expectChain = async (from: string, types: readonly string[], tells: readonly string[]): Promise<void> => {
  await quiet(system);
  const chain = await chainFrom(from);
  expect(chain.map(({ type }) => type)).toEqual(expect.arrayContaining([...types]));
  const kinds = chain.flatMap(({ type, data }) => (type === 'NotificationRaised' ? [String(data.kind)] : []));
  expect(kinds.sort()).toEqual([...tells].sort());
  for (const type of types) {
    const all = await eventsOf(`type=${type}`);
    const others = all.filter(({ metadata }) => metadata.correlationId !== chain[0]?.metadata.correlationId);
    expect(others, type).toEqual([]);
  }
};

const comesTo = async (orderId: unknown, outcome: Outcome): Promise<void> => {
  const { tells: _, ...expected } = outcome;
  await system.until(
    JSON.stringify(expected),
    async () => {
      await system.clock.advance(400);
      const { tells: __, ...now } = await seen(orderId);
      return JSON.stringify(now) === JSON.stringify(expected) && now;
    },
    3_000,
  );
};

/** A sale of 19.99 that was paid, delivered and reviewed, and whose money may be paid out. */
const sold = async (method = 'pm_card_visa'): Promise<string> => {
  // what happens at the bank is heard of late, so that there is a delivery and a review before it
  await admin.ok('POST', '/simulator/webhooks', { delayMs: 20_000, copies: 2, shuffle: false });
  const { id } = await buyer.ok('POST', '/orders', orderOf([product], method));
  await settled(system, buyer, id, ['fulfilled']);
  await buyer.ok('POST', `/products/${product.id}/reviews`, { stars: 5, body: 'Good.' });
  await comesTo(id, { ...whole, order: 'fulfilled' });
  return String(id);
};
const whole = {
  ...{ order: 'fulfilled', balance: { available: 1799, reserved: 0 } },
  ...{ license: 'active', downloads: true, reviews: 1, tells: [] },
} as const;

describe('one correlated chain', () => {
  it('full refund: the money goes back, the vendor is debited, the licence and its downloads end, the review is excluded, both are told', async () => {
    const id = await sold();
    await admin.ok('POST', `/orders/${id}/refunds`, { reason: 'asked for' });
    await comesTo(id, {
      ...{ order: 'refunded', balance: { available: 0, reserved: 0 } },
      ...{ license: 'revoked', downloads: false, reviews: 0, tells: [] },
    });
    await expectChain(
      'OrderRefundRequested',
      [
        ...['PaymentRefundRequested', 'PaymentRefunded', 'OrderRefunded', 'RefundRecorded', 'LicenseRevoked'],
        ...['OrderRefundSettled', 'ReviewExcluded'],
      ],
      ['orderRefunded', 'licenseRevoked', 'saleRefunded'],
    );
  });

  it('partial refund: the vendor bears its part; licence, downloads and review stand', async () => {
    const id = await sold();
    await admin.ok('POST', `/orders/${id}/refunds`, { amount: 1000, reason: 'half of it' });
    await comesTo(id, { ...whole, order: 'partiallyRefunded', balance: { available: 899, reserved: 0 } });
    await expectChain(
      'OrderRefundRequested',
      ['PaymentRefundRequested', 'PaymentRefunded', 'OrderRefunded', 'RefundRecorded', 'OrderRefundSettled'],
      ['orderRefunded', 'saleRefunded'],
    );
    for (const type of ['LicenseRevoked', 'ReviewExcluded']) expect(await eventsOf(`type=${type}`)).toEqual([]);
  });

  const disputed = async (): Promise<{ readonly id: string; readonly disputeId: string }> => {
    const id = await sold('pm_card_createDispute');
    await comesTo(id, {
      ...{ order: 'fulfilled', balance: { available: 0, reserved: 1799 } },
      ...{ license: 'suspended', downloads: false, reviews: 0, tells: [] },
    });
    await expectChain(
      'PaymentDisputeOpened',
      ['OrderDisputeOpened', 'DisputeReserved', 'LicenseSuspended', 'OrderDisputeSettled', 'ReviewExcluded'],
      ['orderDisputed', 'licenseSuspended', 'saleDisputed'],
    );
    const [opened] = await eventsOf('type=PaymentDisputeOpened');
    return { id, disputeId: String(opened?.data.disputeId) };
  };

  it('dispute won: opened, everything rests; won, everything is as it was', async () => {
    const { id, disputeId } = await disputed();
    await provider.submitEvidence({ disputeId, text: 'winning_evidence' });
    await comesTo(id, whole);
    await expectChain(
      'PaymentDisputeWon',
      ['OrderDisputeWon', 'DisputeReleased', 'LicenseRestored', 'ReviewRestored'],
      ['orderDisputeWon', 'licenseRestored', 'saleDisputeWon'],
    );
  });

  it('dispute lost: the order is refunded, the vendor debited once, licence, downloads and review end', async () => {
    const { id, disputeId } = await disputed();
    await provider.submitEvidence({ disputeId, text: 'losing_evidence' });
    await comesTo(id, {
      ...{ order: 'refunded', balance: { available: 0, reserved: 0 } },
      ...{ license: 'revoked', downloads: false, reviews: 0, tells: [] },
    });
    await expectChain(
      'PaymentDisputeLost',
      ['OrderDisputeLost', 'DisputeCharged', 'LicenseRevoked'],
      ['orderDisputeLost', 'licenseRevoked', 'saleDisputeLost'],
    );
    expect(await eventsOf('type=DisputeCharged')).toHaveLength(1);
  });

  it.each([
    ['failed', 'PayoutFailed', 'ba_failed', 'payoutFailed'],
    ['returned', 'PayoutReturned', 'ba_returned', 'payoutReturned'],
  ])(
    'payout %s: the money is available again, the vendor is told; sale, licence and review stand',
    async (state, type, account, kind) => {
      const id = await sold();
      await vendor.ok('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token: account });
      const amount = { amount: 1799, currency: 'USD' };
      const payout = await vendor.ok('POST', `/vendors/${vendor.vendorId}/payouts`, { amount });
      await system.until(state, async () => {
        const found = await vendor.call('GET', `/vendors/${vendor.vendorId}/payouts/${String(payout.id)}`);
        return found.body.state === state;
      });
      await comesTo(id, whole);
      await expectChain(type, ['PayoutReleased'], [kind]);
      const asked = await chainFrom('PayoutRequested');
      expect(asked.map((event) => event.type)).toEqual(
        expect.arrayContaining(['PayoutReserved', 'PayoutRequested', 'PayoutStarted', 'PayoutInTransit']),
      );
    },
  );
});
