import { owed } from '../../domain/checkout/owed.ts';
import type { Step } from '../../domain/checkout/steps.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { PaymentProvider } from '../../infra/payments/port.ts';
import type { VendorBooks } from '../books/vendor-books.ts';
import type { Handling } from '../handling/handling.ts';
import type { Cause } from '../handling/stream-cache.ts';
import type { Reactor } from '../reacting/reactor.ts';
import { causeOfStep } from './cause-of-step.ts';
import { paymentIdOf } from './ids.ts';
import { stepsAtHome } from './steps-at-home.ts';
import { stepsAtProvider } from './steps-at-provider.ts';

export type CheckoutDeps = {
  readonly handling: Handling;
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly books: VendorBooks;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
  readonly keyHashOf: (licenseId: string) => string;
  readonly paymentTimeoutMs: number;
  readonly settlementDelayMs: number;
};

/** Every step failed of those that were tried; the first says why. */
const firstFailure = (outcomes: readonly PromiseSettledResult<unknown>[]): unknown =>
  outcomes.find((outcome) => outcome.status === 'rejected')?.reason;

/**
 * The checkout process manager. Its state is the order's own stream (with the payment's); what is owed follows from
 * them, is done under ids made from them, and recorded in them: after a crash at any line the same is owed again.
 */
export const checkoutReactor = (deps: CheckoutDeps): Reactor => {
  const { handling, clock } = deps;
  const home = stepsAtHome(deps);
  const provider = stepsAtProvider(deps);
  const causeOf = causeOfStep(deps);

  const perform = async (orderId: string, step: Step, cause: Cause): Promise<unknown> => {
    switch (step.type) {
      case 'payFree':
      case 'reflectPayment':
      case 'reflectRefund':
      case 'reflectDispute':
        return home.command(orderId, step, cause);
      case 'requestPayment':
        return home.requestPayment(orderId, cause);
      case 'chargeProvider':
        return provider.chargeProvider(step, cause);
      case 'confirmWithProvider':
        return provider.confirmWithProvider(step, cause);
      case 'abandonPayment':
        return provider.abandonPayment(step, cause);
      case 'refundProvider':
        return provider.refundProvider(step, cause);
      case 'issueLicenses':
        return home.issueLicenses(orderId, step, cause);
      case 'confirmHolds':
      case 'releaseHolds':
        return home.settleHolds(orderId, step, cause);
      case 'settleVendors':
        return home.settleVendors(orderId, step, cause);
      case 'requestCompensation':
        return home.requestCompensation(orderId, step, cause);
      case 'settleRefund':
        return home.settleRefund(orderId, step, cause);
      case 'settleDispute':
        return home.settleDispute(orderId, step, cause);
      case 'submitEvidence':
        return provider.submitEvidence(orderId, step, cause);
      case 'awaitOperator':
        return undefined;
      default:
        return unreachable(step);
    }
  };

  return {
    process: 'checkout',
    concerns: ({ stream }) =>
      stream.startsWith('order-') || stream.startsWith('payment-') ? [stream.slice(stream.indexOf('-') + 1)] : [],
    drive: async (orderId) => {
      for (let before = ''; ; ) {
        const [order, payment] = await Promise.all([
          handling.load(orderDecider, orderId),
          handling.load(paymentDecider, paymentIdOf(orderId)),
        ]);
        const { last } = order;
        if (last === undefined) return;
        const now = new Date(clock.now()).toISOString();
        const steps = owed(order.state, payment.state, now).filter((step) => step.type !== 'awaitOperator');
        if (steps.length === 0) return;
        const progress = `${order.revision}/${payment.revision}`;
        if (progress === before)
          throw new Error(`no progress on ${order.stream}: ${steps.map((step) => step.type).join(', ')}`);
        before = progress;
        const outcomes = await Promise.allSettled(
          steps.map(async (step) => perform(orderId, step, await causeOf(orderId, step, last))),
        );
        const failure = firstFailure(outcomes);
        if (failure !== undefined) throw failure;
      }
    },
  };
};
