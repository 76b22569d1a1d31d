import { valueAt, valuesIn } from '../keyed.ts';
import type { CommandNamed } from './commands.ts';
import type {
  CarriedSale,
  Carry,
  PostingEvent,
  StatedActivity,
  StatementContent,
  VendorAccountEvent,
} from './events.ts';
import { type Balance, zeroBalance } from './ledger.ts';
import type { Books, Earning, LiveAccount, OpenAccount, Sale, VendorAccountState } from './state.ts';

/** Of the sales that wait for something so many are handed on; the others are brought forward when something is told of them. */
const MOST_SALES_CARRIED = 1_000;

export const nothingCarried: Carry = { balances: [], sales: [], payouts: [] };

export const carriedFrom = (sale: Sale): CarriedSale => ({
  saleId: sale.saleId,
  orderId: sale.orderId,
  currency: sale.currency,
  lines: [...sale.lines].map(([lineId, { net, commission }]) => ({ lineId, net, commission })),
  maturesAt: sale.maturesAt,
  matured: sale.matured,
  refunds: [...sale.refunds],
  disputes: [...sale.disputes].map(([disputeId, stage]) => ({ disputeId, stage })),
});

export const saleFrom = (sale: CarriedSale): Sale => ({
  ...sale,
  lines: new Map(sale.lines.map(({ lineId, net, commission }): [string, Earning] => [lineId, { net, commission }])),
  refunds: new Set(sale.refunds),
  disputes: new Map(sale.disputes.map(({ disputeId, stage }) => [disputeId, stage])),
});

const bucketsOf = ({ pending, available, reserved, paidOut }: Balance): Balance => ({
  pending,
  available,
  reserved,
  paidOut,
});

export const balancesFrom = ({ balances }: Carry): ReadonlyMap<string, Balance> =>
  new Map(balances.map((balance) => [balance.currency, bucketsOf(balance)]));

const currenciesOf = (account: OpenAccount): readonly string[] => [...account.balances.keys()].sort();

const isDisputed = (sale: Sale): boolean => [...sale.disputes.values()].includes('open');

/** Everything that is reserved, and the sales that wait: disputed ones first. */
const carryOf = (account: OpenAccount): Carry => {
  const sales = [...valuesIn(account.sales)];
  const waiting = [...sales.filter(isDisputed), ...sales.filter((sale) => !sale.matured && !isDisputed(sale))];
  return {
    balances: currenciesOf(account).map((currency) => ({
      currency,
      ...bucketsOf(account.balances.get(currency) ?? zeroBalance),
    })),
    sales: waiting.slice(0, MOST_SALES_CARRIED).map(carriedFrom),
    payouts: [...valuesIn(account.payouts)].filter(({ state }) => state === 'reserved'),
  };
};

const noAmounts = { pending: 0, available: 0, reserved: 0, paidOut: 0, commission: 0, clearing: 0 };

/** The period with a posting counted. */
export const withActivity = (books: Books, { type, data }: PostingEvent): Books => {
  const inCurrency = books.activity.get(data.currency) ?? new Map<string, StatedActivity>();
  const before = inCurrency.get(type) ?? { effect: type, count: 0, amounts: noAmounts };
  const amounts = { ...before.amounts };
  for (const { account, amount } of data.entries) amounts[account] += amount;
  const after = new Map(inCurrency).set(type, { effect: type, count: before.count + 1, amounts });
  return { ...books, activity: new Map(books.activity).set(data.currency, after) };
};

const statementOf = (
  account: OpenAccount,
  { period, vendor }: Pick<StatementContent, 'period' | 'vendor'>,
): StatementContent => ({
  vendorId: account.vendorId,
  period,
  vendor: { displayName: vendor.displayName, country: vendor.country },
  currencies: currenciesOf(account).map((currency) => ({
    currency,
    opening: bucketsOf(account.books.opening.get(currency) ?? zeroBalance),
    activity: [...(account.books.activity.get(currency)?.values() ?? [])].sort((a, b) =>
      a.effect < b.effect ? -1 : 1,
    ),
    closing: bucketsOf(account.balances.get(currency) ?? zeroBalance),
  })),
});

/** A period is opened once, before anything else is in its stream. */
export const openBooks = (command: CommandNamed<'OpenBooks'>, state: VendorAccountState): VendorAccountEvent[] => {
  if (state.status !== 'none') return [];
  const { vendorId, period, previous, carry } = command;
  const data = { vendorId, period, ...(previous === undefined ? {} : { previous }), carry };
  return [{ type: 'BooksOpened', data }];
};

/** Statement and closing are one: what was stated can't change any more. Of another month than the open one: nothing. */
export const closeBooks = (command: CommandNamed<'CloseBooks'>, state: VendorAccountState): VendorAccountEvent[] => {
  const { period, vendor } = command;
  if (state.status !== 'open' || (state.books.period ?? period) !== period) return [];
  const { vendorId } = state;
  return [
    { type: 'StatementIssued', data: statementOf(state, { period, vendor }) },
    { type: 'BooksClosed', data: { vendorId, period, next: monthAfter(period), carry: carryOf(state) } },
  ];
};

/** What this period knows already is not brought again: it may be further on. */
export const bringForward = (command: CommandNamed<'BringForward'>, state: LiveAccount): VendorAccountEvent[] => {
  if (state.status === 'none') return [];
  const sales = command.sales.filter(({ saleId }) => !valueAt(state.sales, saleId));
  const payouts = command.payouts.filter(({ payoutId }) => !valueAt(state.payouts, payoutId));
  if (sales.length + payouts.length === 0) return [];
  return [{ type: 'BroughtForward', data: { vendorId: state.vendorId, sales, payouts } }];
};

/** The month, in UTC, of an RFC 3339 time in UTC. */
export const monthOf = (time: string): string => time.slice(0, 7);

/** `2027-01` after `2026-12`. */
export const monthAfter = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(nextYear).padStart(4, '0')}-${String(nextMonth).padStart(2, '0')}`;
};

/** The first moment of a month, RFC 3339. */
export const startOfMonth = (period: string): string => `${period}-01T00:00:00.000Z`;

/** The id, as streams are named by it, of a vendor's later period. The first period's id is the vendor's. */
export const booksIdOf = (vendorId: string, period: string): string => `${vendorId}.${period}`;
