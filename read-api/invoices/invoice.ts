import { z } from 'zod';
import { sumOf } from '../../domain/money/money.ts';
import { written } from '../../domain/money/written.ts';
import { moneyAnswer, moneyIn } from '../answers.ts';
import type { Paper } from '../paper/paper.ts';
import type { InvoiceFacts, Seller } from './invoice-facts.ts';

const seller = z.object({ id: z.string(), displayName: z.string(), country: z.string() });

export const invoiceAnswer = z.object({
  orderId: z.string(),
  /** When the money came in. */
  issuedAt: z.string(),
  currency: z.string(),
  buyer: z.object({
    id: z.string(),
    /** `[erased]` once the person was. */
    name: z.string().optional(),
    country: z.string().optional(),
    vatId: z.string().optional(),
  }),
  lines: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      tier: z.string(),
      vendor: seller,
      quantity: z.number().int(),
      unitPrice: moneyAnswer,
      discount: moneyAnswer,
      net: moneyAnswer,
      /** Hundredths of a percent. */
      taxRateBps: z.number().int(),
      tax: moneyAnswer,
      total: moneyAnswer,
    }),
  ),
  /** By rate, lowest first. */
  taxes: z.array(z.object({ taxRateBps: z.number().int(), net: moneyAnswer, tax: moneyAnswer })),
  subtotal: moneyAnswer,
  discount: moneyAnswer,
  tax: moneyAnswer,
  total: moneyAnswer,
});
export type InvoiceAnswer = z.infer<typeof invoiceAnswer>;

const taxesOf = (lines: InvoiceAnswer['lines'], currency: string): InvoiceAnswer['taxes'] => {
  const money = moneyIn(currency);
  const byRate = Map.groupBy(lines, ({ taxRateBps }) => taxRateBps);
  return [...byRate]
    .sort(([a], [b]) => a - b)
    .map(([taxRateBps, same]) => ({
      taxRateBps,
      net: money(sumOf(same.map(({ net }) => net.amount))),
      tax: money(sumOf(same.map(({ tax }) => tax.amount))),
    }));
};

/** The invoice of an order that was paid; later refunds have no part in it. `sellers` has every vendor of its lines. */
export const invoiceOf = (
  { data }: InvoiceFacts['placed'],
  paid: NonNullable<InvoiceFacts['paid']>,
  sellers: ReadonlyMap<string, Seller>,
): InvoiceAnswer => {
  const { currency, billing } = data;
  const money = moneyIn(currency);
  const lines = data.lines.map((line): InvoiceAnswer['lines'][number] => {
    const vendor = sellers.get(line.vendorId);
    if (vendor === undefined) throw new Error(`no seller ${line.vendorId}`);
    return {
      id: line.lineId,
      title: line.title,
      tier: line.tierName,
      vendor: { ...vendor },
      quantity: line.quantity,
      unitPrice: money(line.unitPrice),
      discount: money(line.discount),
      net: money(line.total - line.tax),
      taxRateBps: line.taxRateBps,
      tax: money(line.tax),
      total: money(line.total),
    };
  });
  return {
    orderId: data.orderId,
    issuedAt: paid.metadata.occurredAt,
    currency,
    buyer: {
      id: data.customerId,
      ...(billing?.name === undefined ? {} : { name: billing.name }),
      ...(billing === undefined ? {} : { country: billing.country }),
      ...(billing?.vatId === undefined ? {} : { vatId: billing.vatId }),
    },
    lines,
    taxes: taxesOf(lines, currency),
    subtotal: money(data.subtotal),
    discount: money(data.discount),
    tax: money(data.tax),
    total: money(data.total),
  };
};

const percent = (bps: number): string => `${written(bps, 'USD')} %`;

/** The invoice as a paper to print. */
export const invoicePaper = (invoice: InvoiceAnswer): Paper => {
  const { buyer, currency } = invoice;
  const amount = (of: { readonly amount: number }): string => written(of.amount, currency);
  const sellers = [...new Map(invoice.lines.map(({ vendor }) => [vendor.id, vendor])).values()];
  const right = (title: string, width: number) => ({ title, width, right: true });
  return {
    title: 'Invoice',
    createdAt: invoice.issuedAt,
    facts: [
      ['Order', invoice.orderId],
      ['Date', invoice.issuedAt.slice(0, 10)],
      ['Buyer', [buyer.name, buyer.country].filter((part) => part !== undefined).join(', ') || buyer.id],
      ...(buyer.vatId === undefined ? [] : [['VAT id of the buyer', buyer.vatId] as const]),
      ...sellers.map(({ displayName, country }) => ['Sold by', `${displayName} (${country})`] as const),
    ],
    tables: [
      {
        heading: `Amounts in ${currency}`,
        columns: [
          { title: 'What', width: 133 },
          { title: 'Licence', width: 50 },
          ...[right('Quantity', 40), right('Price', 52), right('Discount', 52), right('Net', 52)],
          ...[right('Tax', 52), right('Total', 52)],
        ],
        rows: invoice.lines.map((line) => [
          ...[line.title, line.tier, String(line.quantity), amount(line.unitPrice), amount(line.discount)],
          ...[amount(line.net), amount(line.tax), amount(line.total)],
        ]),
      },
      {
        heading: 'Tax',
        columns: [right('Rate', 80), right('Net', 80), right('Tax', 80)],
        rows: invoice.taxes.map(({ taxRateBps, net, tax }) => [percent(taxRateBps), amount(net), amount(tax)]),
      },
      {
        heading: 'Sum',
        columns: [right('Subtotal', 80), right('Discount', 80), right('Tax', 80), right('Total', 80)],
        rows: [[amount(invoice.subtotal), amount(invoice.discount), amount(invoice.tax), amount(invoice.total)]],
      },
    ],
  };
};
