import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { ledgerAccount } from '../../domain/vendor-account/events.ts';
import { type Balance, withEntries, zeroBalance } from '../../domain/vendor-account/ledger.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { ledger } from '../../projections/money/ledger.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { timeText } from '../answers.ts';
import { idParams, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { balanceAnswer } from './balance.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const DEFAULT_DAYS = 30;

/** A day (UTC), or a time in it, as the milliseconds at which the day starts. */
const dayQuery = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => Math.floor(Date.parse(text) / DAY_MS) * DAY_MS);

const dayText = (day: number): string => timeText(day).slice(0, 10);

const seriesAnswer = z.object({
  items: z.array(z.object({ date: z.string(), balances: balanceAnswer.shape.items })),
});

type ByCurrency = Map<string, Balance>;

/** The days' own movements, by day and currency; what happened before `from` counts to `from`. */
const movements = async (
  models: ReadModels,
  vendorId: string,
  from: number,
  end: number,
): Promise<ReadonlyMap<number, ByCurrency>> => {
  const days = new Map<number, ByCurrency>();
  for await (const { account, amount, currency, at } of models.each(ledger, {
    where: { vendorId, at: { lt: timeText(end) } },
    order: [{ field: 'sequence', direction: 'asc' }],
  })) {
    const day = Math.max(from, Math.floor(Date.parse(at) / DAY_MS) * DAY_MS);
    const of = days.get(day) ?? new Map<string, Balance>();
    days.set(day, of);
    const entry = { account: ledgerAccount.parse(account), amount };
    of.set(currency, withEntries(of.get(currency) ?? zeroBalance, [entry]));
  }
  return days;
};

const added = (a: Balance, b: Balance): Balance => ({
  pending: a.pending + b.pending,
  available: a.available + b.available,
  reserved: a.reserved + b.reserved,
  paidOut: a.paidOut + b.paidOut,
});

/** A vendor's balance at the end of each day (UTC) of a span, both ends included. */
export const seriesRoute = (
  app: FastifyInstance,
  deps: QueryRouteDeps & { readonly models: ReadModels; readonly clock: Clock },
): void => {
  const { models, clock } = deps;
  queryRoute(app, deps, {
    url: '/vendors/:id/balance/series',
    summary: 'The balance at the end of each day, in each currency; by default of the last 30 days',
    tag: 'Money',
    access: { roles: ['vendor'] },
    query: z.strictObject({ from: dayQuery.optional(), to: dayQuery.optional() }),
    params: idParams,
    answer: seriesAnswer,
    reads: [ledger.name, vendors.name],
    run: async ({ params, query, identity }) => {
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const to = query.to ?? Math.floor(clock.now() / DAY_MS) * DAY_MS;
      const from = query.from ?? to - (DEFAULT_DAYS - 1) * DAY_MS;
      if (from > to || to - from >= MOST_DAYS * DAY_MS) {
        const message = `spans from \`from\` to \`to\`, at most ${MOST_DAYS} days`;
        throw domainError('INVALID_INPUT', message, { errors: [{ path: 'from', message }] });
      }
      const days = await movements(models, vendorId, from, to + DAY_MS);
      const balance: ByCurrency = new Map();
      const items: z.infer<typeof seriesAnswer>['items'] = [];
      for (let day = from; day <= to; day += DAY_MS) {
        for (const [currency, moved] of days.get(day) ?? [])
          balance.set(currency, added(balance.get(currency) ?? zeroBalance, moved));
        const balances = [...balance]
          .map(([currency, each]) => ({ currency, ...each }))
          .sort((a, b) => (a.currency < b.currency ? -1 : 1));
        items.push({ date: dayText(day), balances });
      }
      return { items };
    },
  });
};
