import { unreachable } from '../../domain/unreachable.ts';
import type { PayoutFact } from '../../domain/vendor-payout/commands.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import {
  nextPoll,
  owed,
  type PayoutOutcome,
  type PayoutStep,
  type PayoutTerms,
  type VendorPayoutState,
} from '../../domain/vendor-payout/state.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { type PaymentProvider, type PayoutState, ProviderUnavailable } from '../../infra/payments/port.ts';
import type { PostingCommand, VendorBooks } from '../books/vendor-books.ts';
import { withinDeadline } from '../checkout/provider-deadline.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Cause } from '../handling/stream-cache.ts';
import type { Reactor } from '../reacting/reactor.ts';

type Deps = {
  readonly handling: Handling;
  readonly books: VendorBooks;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
};

/** The provider's answer in the words of the payout's stream. */
export const payoutFact = (state: PayoutState): PayoutFact => state;

/** Pays out what was requested, asks for what was not reported, and lets the vendor's account follow the outcome. */
export const payoutReactor = ({ handling, books, provider, clock }: Deps): Reactor => {
  const askProvider = async ({ payoutId, payoutAccount, amount, currency }: PayoutTerms): Promise<PayoutState> => {
    try {
      return await withinDeadline(
        clock,
        provider.payOut({ payoutId, account: payoutAccount, amount: { amount, currency } }),
      );
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      const found = await withinDeadline(clock, provider.findPayout(payoutId));
      if (found === undefined) throw error;
      return found;
    }
  };

  const settle = async ({ payoutId, vendorId }: PayoutTerms, outcome: PayoutOutcome, cause: Cause): Promise<void> => {
    const command: PostingCommand =
      outcome === 'paid'
        ? { type: 'CompletePayout', payoutId, causeId: cause.id }
        : { type: 'ReleasePayout', payoutId, causeId: cause.id, reason: outcome };
    await books.handle(vendorId, command, becauseOf(cause, `settle:${outcome}`));
    await handling.handle(
      vendorPayoutDecider,
      payoutId,
      { type: 'SettlePayout', payoutId, outcome },
      becauseOf(cause, `settled:${outcome}`),
    );
  };

  const perform = async (step: PayoutStep, terms: PayoutTerms, cause: Cause): Promise<void> => {
    const { payoutId } = terms;
    switch (step.step) {
      case 'start':
        await handling.handle(
          vendorPayoutDecider,
          payoutId,
          { type: 'StartPayout', payoutId },
          becauseOf(cause, 'start'),
        );
        return;
      case 'askProvider': {
        const state = await askProvider(terms);
        const record = { type: 'RecordPayoutState', payoutId, state: payoutFact(state) } as const;
        await handling.handle(vendorPayoutDecider, payoutId, record, becauseOf(cause, `answer:${state.type}`));
        return;
      }
      case 'settle':
        return settle(terms, step.outcome, cause);
      default:
        return unreachable(step);
    }
  };

  /** What became of a payout that the provider had not reported on; no news are noted, so that the next time follows. */
  const poll = async (payoutId: string, known: VendorPayoutState['status'], cause: Cause): Promise<void> => {
    const found = await withinDeadline(clock, provider.findPayout(payoutId));
    if (found === undefined) throw new Error(`the provider does not know payout ${payoutId}, which it took`);
    const command =
      found.type === 'inTransit' || found.type === known
        ? ({ type: 'RecordPoll', payoutId } as const)
        : ({ type: 'RecordPayoutState', payoutId, state: payoutFact(found) } as const);
    await handling.handle(vendorPayoutDecider, payoutId, command, becauseOf(cause, `poll:${found.type}`));
  };

  return {
    process: 'payout',
    concerns: ({ stream }) => (stream.startsWith('vendorPayout-') ? [stream.slice('vendorPayout-'.length)] : []),
    drive: async (payoutId) => {
      for (;;) {
        const { state, last } = await handling.load(vendorPayoutDecider, payoutId);
        if (last === undefined || state.status === 'none') return;
        const [step] = owed(state);
        if (step !== undefined) await perform(step, state.terms, last);
        else {
          const pollAt = nextPoll(state, last.metadata.occurredAt);
          if (pollAt === undefined || clock.now() < Date.parse(pollAt)) return;
          await poll(payoutId, state.status, last);
        }
      }
    },
  };
};
