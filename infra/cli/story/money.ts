import { allItems, type Body, itemsOf, textOf } from '../client.ts';
import { until } from '../until.ts';
import { fieldOf, type Market, ordered, orderIs, usd } from './market.ts';
import { expectThat } from './teller.ts';

const balanceOf = async ({ vendor }: Market, at?: string): Promise<Body | undefined> => {
  const answer = await vendor.client.ok('GET', `/vendors/${vendor.vendorId}/balance`, undefined, { at });
  return itemsOf(answer).find(({ currency }) => currency === 'USD');
};

/** When the sale of this order may be paid out, as its event says (RFC 3339). */
const maturesAt = async ({ session, vendor, controller }: Market, orderId: string): Promise<string> =>
  until(session.terminal, 'the sale in the ledger', async () => {
    const query = new URLSearchParams({ type: 'SaleRecorded', limit: '100' });
    for (const event of itemsOf(
      await controller.client.ok('GET', `/audit/events?${query}&stream=vendorAccount-${vendor.vendorId}`),
    ))
      if (fieldOf(event, 'data', 'orderId') === orderId) return String(fieldOf(event, 'data', 'maturesAt'));
    return undefined;
  });

const shortMs = 60_000;

/** Asks for a payout to this account and waits for its end. */
const payout = async ({ session, vendor }: Market, account: string, amount: number, state: string): Promise<Body> => {
  await vendor.client.ok('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token: account });
  const path = `/vendors/${vendor.vendorId}/payouts`;
  const asked = await vendor.client.ok('POST', path, { amount: { amount, currency: 'USD' } });
  return until(session.terminal, `the payout is ${state}`, async (seen) => {
    const found = await vendor.client.call('GET', `${path}/${textOf(asked, 'id')}`);
    seen(found.body.state);
    return found.status === 200 && found.body.state === state && found.body;
  });
};

/** More than there is, is refused. */
const refusedPayout = async ({ vendor }: Market, amount: number): Promise<void> => {
  const much = { amount, currency: 'USD' };
  const refused = await vendor.client.call('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: much });
  expectThat({ status: refused.status, code: refused.body.code }, { status: 409, code: 'INSUFFICIENT_BALANCE' });
};

const balanceWhen = async (market: Market, what: string, isSo: (balance: Body) => boolean): Promise<Body> =>
  until(market.session.terminal, what, async (seen) => {
    const balance = await balanceOf(market);
    seen(balance);
    return balance !== undefined && isSo(balance) && balance;
  });

const ledgerSum = async ({ vendor }: Market): Promise<{ readonly entries: boolean; readonly sum: number }> => {
  let [count, sum] = [0, 0];
  for await (const entry of allItems(vendor.client, `/vendors/${vendor.vendorId}/ledger`)) {
    count += 1;
    sum += Number(fieldOf(entry, 'amount', 'amount'));
  }
  return { entries: count > 0, sum };
};

/** Answers whether this server's settings let it be paid out now. */
export const payouts = async (market: Market, orderId: string): Promise<boolean> => {
  const { session, teller } = market;
  const { clock } = session.terminal;
  const { step } = teller;
  const due = await step(
    'Vera has her share of the first sale in the ledger, its entries sum to zero',
    async () => {
      const at = await maturesAt(market, orderId);
      expectThat(await ledgerSum(market), { entries: true, sum: 0 });
      return at;
    },
    (at) => `it may be paid out from ${at} on`,
  );
  if (Date.parse(due) - clock.now() > shortMs) {
    const how = `not before ${due} with this server's settings; start it with SETTLEMENT_DELAY_S=0 to see them`;
    for (const end of ['is paid', 'fails at the bank', 'is returned by the bank'])
      teller.notShown(`A payout that ${end}`, how);
    return false;
  }
  const amount = 500;
  const available = await step(
    'It can be paid out',
    () => balanceWhen(market, `${usd(amount)} available`, ({ available }) => Number(available) >= amount),
    (balance) => `available ${usd(Number(balance.available))}, pending ${usd(Number(balance.pending))}`,
  );
  await step('More than there is, is refused: 409 INSUFFICIENT_BALANCE', () =>
    refusedPayout(market, Number(available.available) + 10_000_000),
  );
  const reasonOf = (found: Body): string => `reason: ${String(fieldOf(found, 'reasons', '0', 'reason'))}`;
  await step(
    `A payout of ${usd(amount)} fails at the bank, and the money is available again`,
    () => payout(market, 'ba_failed', amount, 'failed'),
    reasonOf,
  );
  await step(
    'The next is paid and then returned by the bank: available again',
    () => payout(market, 'ba_returned', amount, 'returned'),
    reasonOf,
  );
  await step('To a right account it is paid', async () => {
    await payout(market, 'ba_ok', amount, 'paid');
    await balanceWhen(market, 'the balance', ({ paidOut, reserved }) => paidOut === amount && reserved === 0);
  });
  return true;
};

/** What happens where money goes back to a buyer that the vendor was paid already. */
export const debt = async (market: Market, canBePaidOut: boolean): Promise<void> => {
  const { teller, vendor } = market;
  const { step } = teller;
  const owes = 'A sale that was paid out is given back: Vera owes her share of it, and the next sale repays it';
  if (!canBePaidOut) return teller.notShown(owes, 'start the server with SETTLEMENT_DELAY_S=0 to see it');

  const sold = async (): Promise<string> => {
    const id = await ordered(market, 'pm_card_visa');
    await orderIs(market, id, 'fulfilled');
    return id;
  };
  const shown = ({ available, pending }: Body): string =>
    `available ${usd(Number(available))}, pending ${usd(Number(pending))}`;
  const settledDown = (what: string, isSo: (available: number) => boolean): Promise<Body> =>
    balanceWhen(market, what, ({ available, pending }) => isSo(Number(available)) && pending === 0);

  const before = await settledDown('all sales are available', () => true);
  const orderId = await step('Vera sells one more', sold);
  await step('She has all that is available paid out', async () => {
    const { available } = await settledDown('the sale is available', (now) => now > Number(before.available));
    await payout(market, 'ba_ok', Number(available), 'paid');
    await settledDown('nothing is left', (now) => now === 0);
  });
  const owed = await step(
    'Then the buyer of that one gets his money back: she owes her share of it',
    async () => {
      await vendor.client.ok('POST', `/orders/${orderId}/refunds`, { reason: 'it does not fit' });
      await orderIs(market, orderId, 'refunded');
      return settledDown('she owes', (now) => now < 0);
    },
    shown,
  );
  await step('While she owes, a payout is refused: 409 INSUFFICIENT_BALANCE', () => refusedPayout(market, 1));
  await step(
    'Her next sale pays it back first',
    async () => {
      expectThat(Number(owed.available) < 0, true);
      await sold();
      return settledDown('the debt is repaid', (now) => now >= 0);
    },
    shown,
  );
  await step('Through all of it the entries of her ledger sum to zero', async () => {
    expectThat(await ledgerSum(market), { entries: true, sum: 0 });
  });
};
