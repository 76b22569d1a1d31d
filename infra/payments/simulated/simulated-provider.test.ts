import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidWebhook, ProviderUnavailable } from '../port.ts';
import { openWorld, type ProviderWorld, STARTED_AT, temporaryFile, WEBHOOK_SECRET } from './provider-world.ts';
import { SIGNATURE_HEADER, sign } from './signature.ts';

const TEN = { amount: 1000, currency: 'EUR' };

let folder: ReturnType<typeof temporaryFile>;
let worlds: ProviderWorld[];
beforeEach(() => {
  folder = temporaryFile();
  worlds = [];
});
afterEach(async () => {
  for (const world of worlds) await world.close();
  folder.remove();
});

const open = (options?: Parameters<typeof openWorld>[1]): ProviderWorld => {
  const world = openWorld(folder.file, options);
  worlds.push(world);
  return world;
};
const charge = ({ provider }: ProviderWorld, paymentId: string, method = 'pm_card_visa') =>
  provider.charge({ paymentId, orderId: 'o1', amount: TEN, method });
const idsOf = async (world: ProviderWorld) => (await world.notices()).map(({ eventId }) => eventId);

describe('after a kill', () => {
  test('the same keys get the same answers, and nothing happens twice', async () => {
    const killed = open();
    const captured = await charge(killed, 'p1');
    const waiting = await charge(killed, 'p2', 'pm_card_authenticationRequired');
    await killed.provider.abandonCharge('p3');
    const refund = { refundId: 'r1', paymentId: 'p1', amount: TEN };
    const refunded = await killed.provider.refund(refund);

    const world = open();
    expect(await charge(world, 'p1')).toEqual(captured);
    expect(await charge(world, 'p2', 'pm_card_authenticationRequired')).toEqual(waiting);
    expect(await charge(world, 'p3')).toMatchObject({ type: 'abandoned' });
    expect(await world.provider.refund(refund)).toEqual(refunded);
    expect(await world.provider.findRefund('r1')).toEqual(refunded);
    expect(await world.notices()).toHaveLength(4);
  });

  test('a webhook that was not taken is sent again under its own id, signed anew', async () => {
    const killed = open({ receive: () => new Promise<number>(() => {}) });
    await charge(killed, 'p1');
    const before = await killed.notices();
    expect(before).toHaveLength(1);

    worlds = [];
    const world = open({ startMs: STARTED_AT + 3_600_000 });
    expect(await world.notices()).toEqual(before);
  });

  test('a webhook that was taken is not sent again, and new ones get new ids from the same seed', async () => {
    const killed = open();
    await charge(killed, 'p1');
    const [first] = await idsOf(killed);

    const world = open();
    expect(await idsOf(world)).toEqual([]);
    await charge(world, 'p2');
    const [second] = await idsOf(world);
    expect(second).toEqual(expect.stringMatching(/^evt_/));
    expect(second).not.toBe(first);
  });

  test('a payout in transit arrives', async () => {
    const killed = open();
    await killed.provider.payOut({ payoutId: 'o1', account: 'ba_returned', amount: TEN });

    const world = open();
    expect((await world.notices()).map((notice) => notice.type === 'payout' && notice.state.type)).toEqual([
      'inTransit',
      'paid',
      'returned',
    ]);
  });

  test('the chaos still holds', async () => {
    open().provider.setWebhookChaos({ delayMs: 0, copies: 3, shuffle: false });
    const world = open();
    await charge(world, 'p1');
    expect(await world.arrivals()).toHaveLength(3);
  });
});

describe('delivery', () => {
  test('is repeated until it is taken', async () => {
    const answers = [() => 500, () => 302, () => Promise.reject(new Error('connection refused'))];
    const world = open({ receive: () => answers.shift()?.() ?? 204 });
    await charge(world, 'p1');
    await world.clock.advance(2_000);
    const [id, ...again] = await idsOf(world);
    expect(again).toEqual([id, id, id]);
  });

  test('is repeated after pauses that grow up to half a minute', async () => {
    const at: number[] = [];
    const world: ProviderWorld = open({
      receive: () => {
        at.push(world.clock.now());
        return 503;
      },
    });
    await charge(world, 'p1');
    await world.clock.advance(600_000);
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? time));
    for (const [i, pause] of pauses.entries()) {
      const most = Math.min(30_000, 200 * 2 ** i);
      expect(pause).toBeGreaterThanOrEqual(most / 2);
      expect(pause).toBeLessThanOrEqual(most);
    }
    expect(pauses.length).toBeGreaterThan(20);
  });

  test('of one payment waits for its earlier messages, that of another does not', async () => {
    const takeFirst = Promise.withResolvers<number>();
    const answers: Array<Promise<number>> = [takeFirst.promise];
    const world = open({ receive: () => answers.shift() ?? 200 });
    await charge(world, 'p1', 'pm_card_createDispute');
    await charge(world, 'p2');
    const paymentsOf = async () =>
      (await world.notices()).map((notice) => 'paymentId' in notice && [notice.paymentId, notice.type]);
    expect(await paymentsOf()).toEqual([
      ['p1', 'charge'],
      ['p2', 'charge'],
    ]);
    takeFirst.resolve(200);
    expect(await paymentsOf()).toEqual([['p1', 'dispute']]);
  });

  test('comes from a timer of the clock, after the answer of the call', async () => {
    let received = 0;
    const world = open({
      receive: () => {
        received += 1;
        return 200;
      },
    });
    await charge(world, 'p1');
    expect(received).toBe(0);
    await world.clock.advance(0);
    expect(received).toBe(1);
  });

  test('ends when it is told to, after the sends in flight', async () => {
    const taken = Promise.withResolvers<number>();
    const world = open({ receive: () => taken.promise });
    await charge(world, 'p1');
    expect(await world.arrivals()).toHaveLength(1);
    const closed = world.close();
    worlds = [];
    taken.resolve(200);
    await closed;
    await expect(charge(world, 'p2')).rejects.toThrow(ProviderUnavailable);
    expect(await open().arrivals()).toEqual([]);
  });
});

describe('chaos', () => {
  test('delays', async () => {
    const world = open();
    await charge(world, 'p1');
    world.provider.setWebhookChaos({ delayMs: 5_000, copies: 1, shuffle: false });
    await charge(world, 'p2');
    expect(await world.notices()).toMatchObject([{ paymentId: 'p1' }]);
    await world.clock.advance(4_999);
    expect(await world.notices()).toEqual([]);
    await world.clock.advance(1);
    expect(await world.notices()).toMatchObject([{ paymentId: 'p2' }]);
  });

  test('doubles: each copy is the same message', async () => {
    const world = open();
    world.provider.setWebhookChaos({ delayMs: 0, copies: 2, shuffle: false });
    await charge(world, 'p1');
    const [one, other, ...more] = await world.notices();
    expect(other).toEqual(one);
    expect(more).toEqual([]);
  });

  test('shuffles, and loses nothing', async () => {
    const world = open();
    world.provider.setWebhookChaos({ delayMs: 1_000, copies: 2, shuffle: true });
    const payments = Array.from({ length: 20 }, (_, i) => `p${i}`);
    for (const paymentId of payments) await charge(world, paymentId);
    await world.clock.advance(1_000);
    const arrived = (await world.notices()).map((notice) => ('paymentId' in notice ? notice.paymentId : ''));
    const inOrder = payments.flatMap((paymentId) => [paymentId, paymentId]);
    expect(arrived).not.toEqual(inOrder);
    expect(arrived.toSorted()).toEqual(inOrder.toSorted());
  });

  test('shuffles what is due at one time, of one payment too', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const world = open({ seed });
      world.provider.setWebhookChaos({ delayMs: 0, copies: 1, shuffle: true });
      await charge(world, `p${seed}`, 'pm_card_createDispute');
      orders.add((await world.notices()).map(({ type }) => type).join());
      await world.close();
      worlds = [];
    }
    expect(orders).toEqual(new Set(['charge,dispute', 'dispute,charge']));
  });

  test.each([
    { delayMs: -1, copies: 1, shuffle: false },
    { delayMs: 0.5, copies: 1, shuffle: false },
    { delayMs: 86_400_001, copies: 1, shuffle: false },
    { delayMs: 0, copies: 0, shuffle: false },
    { delayMs: 0, copies: 101, shuffle: false },
  ])('%j is refused', (chaos) => {
    const { provider } = open();
    expect(() => provider.setWebhookChaos(chaos)).toThrow(RangeError);
  });
});

describe('a charge', () => {
  test('confirmed after its action expired is declined', async () => {
    const world = open();
    await charge(world, 'p1', 'pm_card_authenticationRequired');
    await world.clock.advance(900_000);
    expect(await world.provider.confirmCharge('p1')).toMatchObject({
      type: 'declined',
      reason: 'authentication_expired',
    });
  });

  test.each([0, -5, 1.5])('of %d minor units is declined', async (amount) => {
    const { provider } = open();
    const request = { paymentId: 'p1', orderId: 'o1', amount: { amount, currency: 'EUR' }, method: 'pm_card_visa' };
    expect(await provider.charge(request)).toMatchObject({ type: 'declined', reason: 'invalid_amount' });
  });
});

describe('a refund', () => {
  test('in another currency, or of nothing, fails', async () => {
    const world = open();
    await charge(world, 'p1');
    const refund = (refundId: string, amount: typeof TEN) =>
      world.provider.refund({ refundId, paymentId: 'p1', amount });
    expect(await refund('r1', { ...TEN, currency: 'USD' })).toMatchObject({ reason: 'currency_mismatch' });
    expect(await refund('r2', { ...TEN, amount: 0 })).toMatchObject({ reason: 'invalid_amount' });
  });

  test('of disputed money fails until the dispute is won', async () => {
    const world = open();
    await charge(world, 'p1', 'pm_card_createDispute');
    const disputeId = (await world.notices()).flatMap((notice) =>
      notice.type === 'dispute' ? [notice.disputeId] : [],
    )[0];
    const refund = (refundId: string) => world.provider.refund({ refundId, paymentId: 'p1', amount: TEN });
    expect(await refund('r1')).toMatchObject({ type: 'failed', reason: 'charge_disputed' });
    await world.provider.submitEvidence({ disputeId: disputeId ?? '', text: 'winning_evidence' });
    expect(await refund('r2')).toMatchObject({ type: 'succeeded' });
  });
});

describe('reading a webhook', () => {
  const signed = (body: string | Uint8Array) => {
    const rawBody = Buffer.from(body);
    return { rawBody, headers: { [SIGNATURE_HEADER]: sign(WEBHOOK_SECRET, rawBody, STARTED_AT) } };
  };
  const reading = (body: string | Uint8Array) => {
    const { rawBody, headers } = signed(body);
    return () => open().provider.readWebhook(rawBody, headers);
  };

  test('about something else says so', () => {
    const body = { id: 'evt_1', type: 'customer.created', created: 1, data: { object: { object: 'customer' } } };
    expect(reading(JSON.stringify(body))()).toEqual([{ eventId: 'evt_1', type: 'other' }]);
  });

  test.each([
    ['no JSON', '{'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['no message', '{"id":"evt_1"}'],
    [
      'a charge without its amount',
      '{"id":"e","type":"charge.succeeded","created":1,"data":{"object":{"object":"charge","id":"c","payment_id":"p","status":"succeeded"}}}',
    ],
  ])('refuses %s, though signed', (_, body) => {
    expect(reading(body)).toThrow(InvalidWebhook);
  });
});
