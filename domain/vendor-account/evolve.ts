import { nothingKeyed, valueAt, withValue } from '../keyed.ts';
import { unreachable } from '../unreachable.ts';
import { balancesFrom, saleFrom, withActivity } from './books.ts';
import type { PostingEvent, VendorAccountEvent } from './events.ts';
import { withEntries, zeroBalance } from './ledger.ts';
import type { Earning, OpenAccount, ReservedPayout, Sale, VendorAccountState } from './state.ts';

type Data<Type extends VendorAccountEvent['type']> = Extract<VendorAccountEvent, { type: Type }>['data'];

const withPosting = (account: OpenAccount, event: PostingEvent): OpenAccount => {
  const { currency, entries } = event.data;
  const balance = withEntries(account.balances.get(currency) ?? zeroBalance, entries);
  return {
    ...account,
    balances: new Map(account.balances).set(currency, balance),
    books: withActivity(account.books, event),
  };
};

const withSale = (account: OpenAccount, sale: Sale): OpenAccount => ({
  ...account,
  sales: withValue(account.sales, sale.saleId, sale),
});

const withPayout = (account: OpenAccount, payoutId: string, payout: ReservedPayout): OpenAccount => ({
  ...account,
  payouts: withValue(account.payouts, payoutId, payout),
});

const newSale = ({ saleId, orderId, currency, lines, maturesAt }: Data<'SaleRecorded'>): Sale => ({
  saleId,
  orderId,
  currency,
  lines: new Map(lines.map(({ lineId, net, commission }): [string, Earning] => [lineId, { net, commission }])),
  maturesAt,
  matured: false,
  refunds: new Set(),
  disputes: new Map(),
});

const refunded = (sale: Sale, { refundId, lines }: Data<'RefundRecorded'>): Sale => {
  const left = new Map(sale.lines);
  for (const { lineId, net, commission } of lines) {
    const line = left.get(lineId);
    if (line) left.set(lineId, { net: line.net - net, commission: line.commission - commission });
  }
  return { ...sale, lines: left, refunds: new Set(sale.refunds).add(refundId) };
};

const inDispute = (sale: Sale, disputeId: string, stage: 'open' | 'released' | 'charged'): Sale => ({
  ...sale,
  disputes: new Map(sale.disputes).set(disputeId, stage),
});

const nothingLeft = (sale: Sale): Sale => ({
  ...sale,
  lines: new Map([...sale.lines.keys()].map((lineId): [string, Earning] => [lineId, { net: 0, commission: 0 }])),
});

/** The sale after one of its later events; the same sale when the event can't have happened. */
const nextSale = (sale: Sale, event: Exclude<PostingEvent, { type: 'SaleRecorded' | `Payout${string}` }>): Sale => {
  switch (event.type) {
    case 'SaleMatured':
      return sale.matured ? sale : { ...sale, matured: true };
    case 'RefundRecorded':
      return sale.refunds.has(event.data.refundId) ? sale : refunded(sale, event.data);
    case 'DisputeReserved':
      return sale.disputes.has(event.data.disputeId) ? sale : inDispute(sale, event.data.disputeId, 'open');
    case 'DisputeReleased':
    case 'DisputeCharged': {
      const { disputeId } = event.data;
      if ((sale.disputes.get(disputeId) ?? 'open') !== 'open') return sale;
      return event.type === 'DisputeReleased'
        ? inDispute(sale, disputeId, 'released')
        : nothingLeft(inDispute(sale, disputeId, 'charged'));
    }
    default:
      return unreachable(event);
  }
};

const emptyAccount = (vendorId: string): OpenAccount => ({
  status: 'open',
  vendorId,
  books: { opening: new Map(), activity: new Map() },
  balances: new Map(),
  sales: nothingKeyed,
  payouts: nothingKeyed,
});

const opened = ({ vendorId, period, previous, carry }: Data<'BooksOpened'>): OpenAccount => {
  const balances = balancesFrom(carry);
  const books = { period, ...(previous === undefined ? {} : { previous }), opening: balances, activity: new Map() };
  return broughtForward({ ...emptyAccount(vendorId), books, balances }, carry);
};

/** What is known already stays as it is. */
const broughtForward = (
  account: OpenAccount,
  { sales, payouts }: Pick<Data<'BroughtForward'>, 'sales' | 'payouts'>,
): OpenAccount => {
  let after = account;
  for (const sale of sales) if (!valueAt(after.sales, sale.saleId)) after = withSale(after, saleFrom(sale));
  for (const payout of payouts)
    if (!valueAt(after.payouts, payout.payoutId)) after = withPayout(after, payout.payoutId, payout);
  return after;
};

/** Total: what can't have happened leaves the state unchanged, balances included. */
export const evolve = (state: VendorAccountState, event: VendorAccountEvent): VendorAccountState => {
  if (state.status === 'closed') return state;
  if (event.type === 'BooksOpened') return state.status === 'none' ? opened(event.data) : state;
  if (event.type === 'SaleRecorded') {
    const account = state.status === 'none' ? emptyAccount(event.data.vendorId) : state;
    if (valueAt(account.sales, event.data.saleId)) return state;
    return withSale(withPosting(account, event), newSale(event.data));
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'BroughtForward':
      return broughtForward(state, event.data);
    case 'StatementIssued':
      return state;
    case 'BooksClosed': {
      const { period, next, carry } = event.data;
      return { ...state, status: 'closed', period, next, carry };
    }
    case 'PayoutReserved': {
      const { payoutId, amount, currency } = event.data;
      if (valueAt(state.payouts, payoutId)) return state;
      return withPayout(withPosting(state, event), payoutId, { payoutId, state: 'reserved', amount, currency });
    }
    case 'PayoutCompleted':
    case 'PayoutReleased': {
      const payout = valueAt(state.payouts, event.data.payoutId);
      const next = event.type === 'PayoutCompleted' ? 'paid' : 'released';
      if (payout === undefined || payout.state === 'released' || payout.state === next) return state;
      return withPayout(withPosting(state, event), event.data.payoutId, { ...payout, state: next });
    }
    default: {
      const sale = valueAt(state.sales, event.data.saleId);
      const next = sale && nextSale(sale, event);
      return next === undefined || next === sale ? state : withSale(withPosting(state, event), next);
    }
  }
};
