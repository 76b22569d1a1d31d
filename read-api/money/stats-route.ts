import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { isCurrency } from '../../domain/money/currency.ts';
import { type DailySalesDocument, dailySales } from '../../projections/sales/daily-sales.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer, moneyIn, timeText } from '../answers.ts';
import { idParams, queryRoute } from '../http/query-route.ts';
import { type ReadModels, readModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import type { MoneyDeps } from './money-routes.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

const figures = { orders: z.number().int(), sales: moneyAnswer, refunds: moneyAnswer, earned: moneyAnswer };
const period = z.object({
  from: z.string(),
  to: z.string(),
  /** One bucket for each day of the period, in order. */
  days: z.array(z.object({ day: z.string(), ...figures })),
  totals: z.object(figures),
});
const statsAnswer = z.object({ currency: z.string(), ...period.shape, previous: period });

const dayQuery = z.iso.date();
const query = z.strictObject({
  /** First and last day, UTC, both included; by default the 30 days up to today. */
  from: dayQuery.optional(),
  to: dayQuery.optional(),
  /** By default the vendor's own. */
  currency: z.string().refine(isCurrency, 'is not a currency of ISO 4217').optional(),
});

const dayAt = (ms: number): string => timeText(ms).slice(0, 10);

/** First and last day as milliseconds. @throws DomainError INVALID_INPUT */
const windowOf = (from: string | undefined, to: string | undefined, now: number): readonly [number, number] => {
  const last = Date.parse(to ?? dayAt(now));
  const first = from === undefined ? last - 29 * DAY_MS : Date.parse(from);
  const days = (last - first) / DAY_MS + 1;
  if (days >= 1 && days <= MOST_DAYS) return [first, last];
  const message = days < 1 ? 'must not be after to' : `a period has at most ${MOST_DAYS} days`;
  throw domainError('INVALID_INPUT', `from: ${message}`, { errors: [{ path: 'from', message }] });
};

type Figures = Pick<DailySalesDocument, 'orders' | 'sales' | 'refunds' | 'earned'>;
const none: Figures = { orders: 0, sales: 0, refunds: 0, earned: 0 };
const plus = (a: Figures, b: Figures): Figures => ({
  orders: a.orders + b.orders,
  sales: a.sales + b.sales,
  refunds: a.refunds + b.refunds,
  earned: a.earned + b.earned,
});

const periodOf = async (
  models: ReadModels,
  { vendorId, currency }: { readonly vendorId: string; readonly currency: string },
  first: number,
  last: number,
): Promise<z.infer<typeof period>> => {
  const [from, to] = [dayAt(first), dayAt(last)];
  const found = await models.find(dailySales, {
    where: { vendorId, currency, day: { gte: from, lte: to } },
    order: [{ field: 'day', direction: 'asc' }],
    limit: MOST_DAYS,
  });
  const byDay = new Map(found.map((each) => [each.day, each]));
  const money = moneyIn(currency);
  const shown = ({ orders, sales, refunds, earned }: Figures) => ({
    ...{ orders, sales: money(sales), refunds: money(refunds), earned: money(earned) },
  });
  const days = Array.from({ length: (last - first) / DAY_MS + 1 }, (_, index) => dayAt(first + index * DAY_MS));
  return {
    ...{ from, to },
    days: days.map((day) => ({ day, ...shown(byDay.get(day) ?? none) })),
    totals: shown(found.reduce(plus, none)),
  };
};

/** Sales and orders by day, with the period of the same length before it. Amounts are without tax. */
export const statsRoute = (app: FastifyInstance, deps: MoneyDeps): void => {
  const models = readModels(deps.documents);
  queryRoute(app, deps, {
    url: '/vendors/:id/stats',
    summary: 'Sales, refunds, earnings and orders by day (UTC), with the period before',
    tag: 'Money',
    access: { roles: ['vendor'] },
    query,
    params: idParams,
    answer: statsAnswer,
    reads: [dailySales.name, vendors.name],
    run: async ({ params, query: asked, identity }) => {
      const { id: vendorId, defaultCurrency } = await ownVendor(models, identity, params.id);
      const [first, last] = windowOf(asked.from, asked.to, deps.clock.now());
      const of = { vendorId, currency: asked.currency ?? defaultCurrency };
      const length = last - first + DAY_MS;
      const [present, previous] = await Promise.all([
        periodOf(models, of, first, last),
        periodOf(models, of, first - length, last - length),
      ]);
      return { currency: of.currency, ...present, previous };
    },
  });
};
