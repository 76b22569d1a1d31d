import { z } from 'zod';
import { ledgerAccount } from '../../domain/vendor-account/events.ts';
import { type Balance, withEntries, zeroBalance } from '../../domain/vendor-account/ledger.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import type { BalanceDocument } from '../../projections/money/balances.ts';
import { ledger } from '../../projections/money/ledger.ts';
import { timeText } from '../answers.ts';
import { logAsOf } from '../audit/log-as-of.ts';
import type { ReadModels } from '../read-models.ts';

/** Minor units. */
export const balanceAnswer = z.object({
  items: z.array(
    z.object({
      currency: z.string(),
      pending: z.number().int(),
      available: z.number().int(),
      reserved: z.number().int(),
      paidOut: z.number().int(),
    }),
  ),
  asOf: z.string(),
  position: z.string(),
});
type BalanceAnswer = z.infer<typeof balanceAnswer>;

const itemsOf = (byCurrency: Iterable<readonly [currency: string, balance: Balance]>): BalanceAnswer['items'] =>
  [...byCurrency]
    .map(([currency, { pending, available, reserved, paidOut }]) => ({
      ...{ currency, pending, available, reserved, paidOut },
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));

/** How a ledger entry of a log position and those before it sort (see `LedgerDocument.sequence`). */
const sequenceOf = (position: bigint): string => position.toString().padStart(19, '0');

/** The balance now, with time and position of its last posting; `unposted` before there is one. */
export const balanceNow = (
  balance: BalanceDocument | undefined,
  unposted: { readonly asOf: string; readonly position: string },
): BalanceAnswer => {
  if (balance === undefined) return { items: [], ...unposted };
  return { items: itemsOf(Object.entries(balance.currencies)), asOf: balance.asOf, position: balance.position };
};

/** The balance as the log was at `time` (milliseconds since the Unix epoch): a fold of the entries up to then. */
export const balanceAsOf = async (
  models: ReadModels,
  audit: AuditIndex,
  vendorId: string,
  time: number,
): Promise<BalanceAnswer> => {
  const before = await logAsOf(audit, time);
  const byCurrency = new Map<string, Balance>();
  let last: string | undefined;
  for await (const { account, amount, currency, position } of models.each(ledger, {
    where: { vendorId, sequence: { lt: sequenceOf(before) } },
    order: [{ field: 'sequence', direction: 'asc' }],
  })) {
    const entry = { account: ledgerAccount.parse(account), amount };
    byCurrency.set(currency, withEntries(byCurrency.get(currency) ?? zeroBalance, [entry]));
    last = position;
  }
  return {
    items: itemsOf(byCurrency),
    asOf: timeText(time),
    position: last ?? (before > 0n ? before - 1n : 0n).toString(),
  };
};
