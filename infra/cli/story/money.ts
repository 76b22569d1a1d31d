import { type Body, itemsOf, textOf } from '../client.ts';
import { until } from '../until.ts';
import { fieldOf, type Market, usd } from './market.ts';
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

export const payouts = async (market: Market, orderId: string): Promise<void> => {
  const { session, teller, vendor } = market;
  const { clock } = session.terminal;
  const { step } = teller;
  const due = await step(
    'Vera has her share of the first sale in the ledger, its entries sum to zero',
    async () => {
      const at = await maturesAt(market, orderId);
      const entries = itemsOf(await vendor.client.ok('GET', `/vendors/${vendor.vendorId}/ledger?limit=100`));
      const sum = entries.reduce((total, entry) => total + Number(fieldOf(entry, 'amount', 'amount')), 0);
      expectThat({ entries: entries.length > 0, sum }, { entries: true, sum: 0 });
      return at;
    },
    (at) => `it may be paid out from ${at} on`,
  );
  if (Date.parse(due) - clock.now() > shortMs) {
    const how = `not before ${due} with this server's settings; start it with SETTLEMENT_DELAY_S=0 to see them`;
    for (const end of ['is paid', 'fails at the bank', 'is returned by the bank'])
      teller.notShown(`A payout that ${end}`, how);
    return;
  }
  const amount = 500;
  const available = await step(
    'It can be paid out',
    () =>
      until(session.terminal, `${usd(3 * amount)} available`, async (seen) => {
        const balance = await balanceOf(market);
        seen(balance);
        return Number(balance?.available) >= amount && balance;
      }),
    (balance) => `available ${usd(Number(balance.available))}, pending ${usd(Number(balance.pending))}`,
  );
  await step('More than there is, is refused: 409 INSUFFICIENT_BALANCE', async () => {
    const much = { amount: Number(available.available) + 10_000_000, currency: 'USD' };
    const refused = await vendor.client.call('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: much });
    expectThat({ status: refused.status, code: refused.body.code }, { status: 409, code: 'INSUFFICIENT_BALANCE' });
  });
  const payout = async (account: string, state: string): Promise<Body> => {
    await vendor.client.ok('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token: account });
    const path = `/vendors/${vendor.vendorId}/payouts`;
    const asked = await vendor.client.ok('POST', path, { amount: { amount, currency: 'USD' } });
    return until(session.terminal, `the payout is ${state}`, async (seen) => {
      const found = await vendor.client.call('GET', `${path}/${textOf(asked, 'id')}`);
      seen(found.body.state);
      return found.status === 200 && found.body.state === state && found.body;
    });
  };
  const reasonOf = (found: Body): string => `reason: ${String(fieldOf(found, 'reasons', '0', 'reason'))}`;
  await step(
    `A payout of ${usd(amount)} fails at the bank, and the money is available again`,
    () => payout('ba_failed', 'failed'),
    reasonOf,
  );
  await step(
    'The next is paid and then returned by the bank: available again',
    () => payout('ba_returned', 'returned'),
    reasonOf,
  );
  await step('To a right account it is paid', async () => {
    await payout('ba_ok', 'paid');
    await until(session.terminal, 'the balance', async (seen) => {
      const balance = await balanceOf(market);
      seen(balance);
      return balance?.paidOut === amount && balance.reserved === 0;
    });
  });
};
