import { DomainError } from '../../domain/errors.ts';
import { valueAt } from '../../domain/keyed.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import { booksIdOf, carriedFrom, monthOf, nothingCarried } from '../../domain/vendor-account/books.ts';
import type { BooksCommand, VendorAccountCommand } from '../../domain/vendor-account/commands.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import type { CarriedPayout, CarriedSale } from '../../domain/vendor-account/events.ts';
import type { VendorAccountState } from '../../domain/vendor-account/state.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { boundedMap } from '../bounded.ts';
import { becauseOf, type CommandContext, stepOf } from '../handling/context.ts';
import type { Handling, Loaded } from '../handling/handling.ts';

/** What moves money, told to whichever period is open. */
export type PostingCommand = Exclude<VendorAccountCommand, BooksCommand>;

/** One period of a vendor's books; its stream is `vendorAccount-<id>`. */
export type BooksPeriod = Loaded<VendorAccountState> & { readonly id: string };

export type VendorBooks = {
  /** The period that is open now; one whose month is over is closed first. `none`: nothing was ever sold. */
  open(vendorId: string): Promise<BooksPeriod>;
  /** The open period, then those before it, newest first. */
  periods(vendorId: string): AsyncGenerator<BooksPeriod>;
  /**
   * Records in the open month; what an earlier month knows of the thing is brought forward first.
   * @throws DomainError the decider's refusals
   */
  handle(vendorId: string, command: PostingCommand, context: CommandContext): Promise<void>;
};

/**
 * A sale is recorded within moments of its order, and told again while anything runs: so far back it may have been
 * recorded already. What is carried (not matured) is known anyway.
 */
const PERIODS_BEFORE_A_SALE_IS_NEW = 2;
/** Of more vendors than these the open month is looked for from this month's or the first. */
const rememberedVendors = 10_000;

type Found = { readonly sales: readonly CarriedSale[]; readonly payouts: readonly CarriedPayout[] };
const nothing: Found = { sales: [], payouts: [] };

/** What a period knows of the thing that the command is about; undefined: nothing. */
const knownIn = (state: VendorAccountState, command: PostingCommand): Found | undefined => {
  if (state.status === 'none') return undefined;
  switch (command.type) {
    case 'RecordSale':
    case 'MatureSale':
    case 'RecordRefund':
    case 'ReserveDispute':
    case 'ReleaseDispute':
    case 'ChargeDispute': {
      const sale = valueAt(state.sales, command.saleId);
      return sale && { ...nothing, sales: [carriedFrom(sale)] };
    }
    case 'ReservePayout':
    case 'CompletePayout':
    case 'ReleasePayout': {
      const payout = valueAt(state.payouts, command.payoutId);
      return payout && { ...nothing, payouts: [payout] };
    }
    default:
      return unreachable(command);
  }
};

/** How many earlier periods may know of it. */
const reachOf = (command: PostingCommand): number =>
  command.type === 'RecordSale' || command.type === 'ReservePayout' ? PERIODS_BEFORE_A_SALE_IS_NEW : Infinity;

/**
 * The books of every vendor: months that follow each other, one stream each (RULES.md money 11). Whoever comes first in
 * a new month, a command or the desk, closes the old one and opens the next: two appends, the second of which follows
 * from the first, so that a crash between them leaves a closed month whose successor anybody opens in the same way.
 */
export const vendorBooks = ({
  handling,
  clock,
}: {
  readonly handling: Handling;
  readonly clock: Clock;
}): VendorBooks => {
  /** Where the open period was last seen, by vendor: a place to start from, never trusted to be the end. */
  const seen = boundedMap<string>(rememberedVendors);
  const now = (): string => new Date(clock.now()).toISOString();

  const load = async (id: string): Promise<BooksPeriod> => ({
    ...(await handling.load(vendorAccountDecider, id)),
    id,
  });

  /** Some period that exists, late enough that few follow; the first where there is none yet. */
  const start = async (vendorId: string): Promise<BooksPeriod> => {
    const hint = seen.get(vendorId);
    if (hint !== undefined) return load(hint);
    const first = await load(vendorId);
    if (first.state.status !== 'closed') return first;
    const thisMonth = await load(booksIdOf(vendorId, monthOf(now())));
    return thisMonth.exists ? thisMonth : first;
  };

  const close = async (period: BooksPeriod, vendorId: string, month: string): Promise<void> => {
    if (period.last === undefined) return;
    const { state: vendor } = await handling.load(vendorDecider, vendorId);
    const named =
      vendor.status === 'none'
        ? { displayName: vendorId, country: '' }
        : { displayName: vendor.displayName, country: vendor.country };
    await handling.handle(
      vendorAccountDecider,
      period.id,
      { type: 'CloseBooks', period: month, vendor: named },
      becauseOf(period.last, `closeBooks:${month}`),
    );
  };

  const openNext = async (closed: BooksPeriod, vendorId: string): Promise<string> => {
    const { state, last } = closed;
    if (state.status !== 'closed' || last === undefined) throw new Error(`${closed.stream} is not closed`);
    const id = booksIdOf(vendorId, state.next);
    const next = await load(id);
    if (!next.exists)
      await handling.handle(
        vendorAccountDecider,
        id,
        { type: 'OpenBooks', vendorId, period: state.next, previous: closed.id, carry: state.carry },
        becauseOf(last, 'openBooks'),
      );
    return id;
  };

  const open = async (vendorId: string): Promise<BooksPeriod> => {
    let period = await start(vendorId);
    for (;;) {
      const { state, last } = period;
      if (state.status === 'none') return period;
      if (state.status === 'closed') {
        period = await load(await openNext(period, vendorId));
        continue;
      }
      const month = state.books.period ?? monthOf(last?.metadata.occurredAt ?? now());
      if (month >= monthOf(now())) {
        seen.set(vendorId, period.id);
        return period;
      }
      await close(period, vendorId, month);
      period = await load(period.id);
    }
  };

  async function* before(period: BooksPeriod): AsyncGenerator<BooksPeriod> {
    for (let at = period; at.state.status !== 'none' && at.state.books.previous !== undefined; ) {
      at = await load(at.state.books.previous);
      yield at;
    }
  }

  const bringForward = async (period: BooksPeriod, command: PostingCommand, context: CommandContext): Promise<void> => {
    if (knownIn(period.state, command) !== undefined) return;
    let reach = reachOf(command);
    for await (const earlier of before(period)) {
      if (reach-- <= 0) return;
      const found = knownIn(earlier.state, command);
      if (found === undefined) continue;
      const bring = { type: 'BringForward', ...found } as const;
      await handling.handle(vendorAccountDecider, period.id, bring, stepOf(context, 'bringForward'));
      return;
    }
  };

  return {
    open,
    periods: async function* (vendorId) {
      const period = await open(vendorId);
      yield period;
      yield* before(period);
    },
    handle: async (vendorId, command, given) => {
      for (;;) {
        // The month that it was decided to belong to is the one that it says.
        const context = { ...given, occurredAt: given.occurredAt ?? now() };
        const period = await open(vendorId);
        try {
          if (command.type === 'RecordSale' && !period.exists)
            await handling.handle(
              vendorAccountDecider,
              vendorId,
              { type: 'OpenBooks', vendorId, period: monthOf(context.occurredAt), carry: nothingCarried },
              stepOf(context, 'openBooks'),
            );
          await bringForward(period, command, context);
          await handling.handle(vendorAccountDecider, period.id, command, context);
          return;
        } catch (error) {
          // Somebody closed the month meanwhile: it belongs into the next.
          if (!(error instanceof DomainError) || error.code !== 'BOOKS_CLOSED') throw error;
        }
      }
    },
  };
};
