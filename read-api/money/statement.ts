import { z } from 'zod';
import { written } from '../../domain/money/written.ts';
import { monthAfter, startOfMonth } from '../../domain/vendor-account/books.ts';
import type { StatementDocument } from '../../projections/money/statements.ts';
import type { Paper } from '../paper/paper.ts';
import { csvRecord } from './csv.ts';

const bucket = z.number().int();
const buckets = z.object({ pending: bucket, available: bucket, reserved: bucket, paidOut: bucket });

/** Amounts are minor units of the `currency` beside them. */
export const statementAnswer = z.object({
  period: z.string(),
  vendorId: z.string(),
  vendor: z.object({ displayName: z.string(), country: z.string() }),
  /** First moment of the month, and of the next. */
  from: z.string(),
  to: z.string(),
  issuedAt: z.string(),
  currencies: z.array(
    z.object({
      currency: z.string(),
      opening: buckets,
      /** What was posted, summed by kind: with `opening` it makes `closing`. */
      entries: z.array(
        z.object({
          effect: z.string(),
          count: z.number().int(),
          amounts: buckets.extend({ commission: bucket, clearing: bucket }),
        }),
      ),
      closing: buckets,
    }),
  ),
});
export type StatementAnswer = z.infer<typeof statementAnswer>;

export const statementOf = (statement: StatementDocument): StatementAnswer => ({
  period: statement.period,
  vendorId: statement.vendorId,
  vendor: { displayName: statement.vendor.displayName, country: statement.vendor.country },
  from: startOfMonth(statement.period),
  to: startOfMonth(monthAfter(statement.period)),
  issuedAt: statement.issuedAt,
  currencies: statement.currencies.map(({ currency, opening, activity, closing }) => ({
    currency,
    opening,
    entries: activity,
    closing,
  })),
});

const accounts = ['pending', 'available', 'reserved', 'paidOut', 'commission', 'clearing'] as const;
type Amounts = Partial<Record<(typeof accounts)[number], number>>;
type Row = { readonly what: string; readonly count: number | ''; readonly amounts: Amounts };

const rowsOf = ({ opening, entries, closing }: StatementAnswer['currencies'][number]): readonly Row[] => [
  { what: 'opening', count: '', amounts: opening },
  ...entries.map(({ effect, count, amounts }): Row => ({ what: effect, count, amounts })),
  { what: 'closing', count: '', amounts: closing },
];

/** The statement as RFC 4180: one record a line of the statement, amounts in minor units. */
export const statementCsv = (statement: StatementAnswer): string =>
  [
    csvRecord(['period', 'currency', 'entry', 'count', ...accounts]),
    ...statement.currencies.flatMap((each) =>
      rowsOf(each).map(({ what, count, amounts }) =>
        csvRecord([statement.period, each.currency, what, count, ...accounts.map((account) => amounts[account] ?? '')]),
      ),
    ),
  ].join('');

const names: Readonly<Record<string, string>> = {
  opening: 'Opening balance',
  closing: 'Closing balance',
  SaleRecorded: 'Sales',
  SaleMatured: 'Sales become available',
  RefundRecorded: 'Refunds',
  DisputeReserved: 'Disputes opened',
  DisputeReleased: 'Disputes won',
  DisputeCharged: 'Disputes lost',
  PayoutReserved: 'Payouts requested',
  PayoutCompleted: 'Payouts paid',
  PayoutReleased: 'Payouts returned',
};

/** The statement as a paper to print. */
export const statementPaper = (statement: StatementAnswer): Paper => ({
  title: `Statement ${statement.period}`,
  createdAt: statement.issuedAt,
  facts: [
    ['Vendor', `${statement.vendor.displayName} (${statement.vendor.country})`],
    ['Vendor id', statement.vendorId],
    ['Period', `${statement.from} to ${statement.to}, the end not included`],
    ['Issued', statement.issuedAt],
  ],
  tables: statement.currencies.map((each) => ({
    heading: each.currency,
    columns: [
      { title: 'Entry', width: 113 },
      { title: 'Count', width: 40, right: true },
      ...['Pending', 'Available', 'Reserved', 'Paid out', 'Commission', 'Outside'].map((title) => ({
        title,
        width: 55,
        right: true,
      })),
    ],
    rows: rowsOf(each).map(({ what, count, amounts }) => [
      names[what] ?? what,
      String(count),
      ...accounts.map((account) => {
        const amount = amounts[account];
        return amount === undefined ? '' : written(amount, each.currency);
      }),
    ]),
  })),
});
