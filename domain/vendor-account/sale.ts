import { domainError } from '../errors.ts';
import { valueAt } from '../keyed.ts';
import { sumOf } from '../money/money.ts';
import type { CommandNamed, LineEarning } from './commands.ts';
import type { VendorAccountEvent } from './events.ts';
import { entriesFor, transfer } from './ledger.ts';
import { bucketOf, type Earning, type LiveAccount, leftOf, type Sale } from './state.ts';

/**
 * The sale that a command names.
 * @throws DomainError ORDER_STATE when it is not recorded (yet): the same command is right once it is
 */
export const saleOf = (state: LiveAccount, saleId: string): { readonly vendorId: string; readonly sale: Sale } => {
  const sale = state.status === 'none' ? undefined : valueAt(state.sales, saleId);
  if (state.status === 'none' || sale === undefined) throw domainError('ORDER_STATE', 'The sale is not recorded yet');
  return { vendorId: state.vendorId, sale };
};

const totalOf = (lines: readonly Earning[]): Earning => ({
  net: sumOf(lines.map((line) => line.net)),
  commission: sumOf(lines.map((line) => line.commission)),
});

/** Pending from here on; the commission is the market's at once. */
export const recordSale = (command: CommandNamed<'RecordSale'>, state: LiveAccount): VendorAccountEvent[] => {
  const { saleId, orderId, causeId, vendorId, currency, maturesAt } = command;
  if (state.status === 'open' && valueAt(state.sales, saleId)) return [];
  const lines = command.lines.map(({ lineId, net, commission }) => ({ lineId, net, commission }));
  if (lines.some((line) => line.commission < 0 || line.commission > line.net))
    throw domainError('INVALID_INPUT', 'The commission is a part of the net amount');
  if (new Set(lines.map((line) => line.lineId)).size < lines.length)
    throw domainError('INVALID_INPUT', 'A line is in a sale once');
  const { net, commission } = totalOf(lines);
  const entries = entriesFor({ clearing: -net, commission, pending: net - commission });
  return [{ type: 'SaleRecorded', data: { vendorId, currency, entries, causeId, saleId, orderId, lines, maturesAt } }];
};

/** A sale that a dispute holds matures without an entry: its release brings it to `available`. */
export const matureSale = (command: CommandNamed<'MatureSale'>, state: LiveAccount): VendorAccountEvent[] => {
  const { saleId, now } = command;
  const { vendorId, sale } = saleOf(state, saleId);
  if (sale.matured) return [];
  if (now < sale.maturesAt) throw domainError('ORDER_STATE', `The sale matures at ${sale.maturesAt}`);
  const { net, commission } = leftOf(sale);
  const entries = bucketOf(sale) === 'pending' ? transfer('pending', 'available', net - commission) : [];
  return [{ type: 'SaleMatured', data: { vendorId, currency: sale.currency, entries, saleId, orderId: sale.orderId } }];
};

const within = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high));

/** At most what is left, and so that neither the part nor the rest has more commission than net. */
const partOf = (left: Earning, asked: Earning): Earning => {
  const net = within(0, asked.net, left.net);
  const least = Math.max(0, left.commission - (left.net - net));
  return { net, commission: within(least, asked.commission, Math.min(left.commission, net)) };
};

const partsOf = (sale: Sale, asked: readonly LineEarning[]): LineEarning[] => {
  const left = new Map(sale.lines);
  return asked.flatMap(({ lineId, net, commission }) => {
    const line = left.get(lineId);
    const part = line && partOf(line, { net, commission });
    if (line === undefined || part === undefined || part.net === 0) return [];
    left.set(lineId, { net: line.net - part.net, commission: line.commission - part.commission });
    return [{ lineId, ...part }];
  });
};

/**
 * Takes the vendor's share from the bucket the sale is in, and the commission back from the market. The buyer has the
 * money already, so a refund is never refused: of what exceeds what is left (a dispute was lost in between) nothing is
 * posted, the vendor is debited once and the market bears it. What was posted is what the event's lines say.
 */
export const recordRefund = (command: CommandNamed<'RecordRefund'>, state: LiveAccount): VendorAccountEvent[] => {
  const { refundId, saleId, orderId, causeId } = command;
  const { vendorId, sale } = saleOf(state, saleId);
  if (sale.refunds.has(refundId)) return [];
  const lines = partsOf(sale, command.lines);
  const { net, commission } = totalOf(lines);
  const entries = entriesFor({ clearing: net, commission: -commission, [bucketOf(sale)]: commission - net });
  const { currency } = sale;
  return [{ type: 'RefundRecorded', data: { vendorId, currency, entries, causeId, refundId, saleId, orderId, lines } }];
};
