import type { PaymentEvent } from '../../domain/payment/events.ts';
import { isCapturedPayment, type Payment } from '../../domain/payment/state.ts';
import { holds, same } from './expecting.ts';
import { eventOf, type Provider, type World } from './world.ts';

/** What the provider has to have of a charge that our log says this of; undefined: none. */
const chargeTypeOf = ({ status }: Payment): string | undefined => {
  if (status === 'none') return undefined;
  return status === 'refunded' ? 'captured' : status;
};

/** Each dispute was opened once, however often and in whatever order the provider told of it, and stands where the provider has it. */
const checkDisputes = ({ streams, payments }: World, { disputes }: Provider): void => {
  for (const [id, payment] of payments) {
    const opened = (streams.get(`payment-${id}`) ?? [])
      .map((event) => eventOf<PaymentEvent>(event))
      .flatMap(({ type, data }) => (type === 'PaymentDisputeOpened' ? [data.disputeId] : []));
    same(opened.length, new Set(opened).size, `disputes that payment ${id} opened`);
    const known = payment.status === 'none' ? [] : payment.disputes;
    same(
      known.map(({ disputeId, outcome }) => `${disputeId} ${outcome}`).sort(),
      (disputes.get(id) ?? [])
        .map(({ disputeId, status }) => `${disputeId} ${status === 'opened' ? 'open' : status}`)
        .sort(),
      `disputes of payment ${id}`,
    );
  }
};

/**
 * What the log says that the provider said, the provider said, and nothing else; and it has ended: nobody can still take money, or give it back,
 * that the log does not know of. Under the ids that the log names: any other is a charge or refund twice, sooner or later.
 * @throws Broken
 */
export const checkPayments = (world: World, provider: Provider): void => {
  checkDisputes(world, provider);
  const { payments } = world;
  for (const [id, charges] of provider.charges) {
    const [charge] = charges;
    same(charge?.state.type, chargeTypeOf(payments.get(id) ?? { status: 'none' }), `charge of payment ${id}`);
    holds(charge?.state.type !== 'requiresAction' && charge?.state.type !== 'processing', `payment ${id} is open`);
  }
  for (const [id, payment] of payments) {
    holds(provider.charges.has(id) || payment.status === 'none', `payment ${id} never came to the provider`);
    const known = isCapturedPayment(payment) ? payment.refunds : [];
    const given = provider.refunds.get(id) ?? [];
    same(
      given.map(({ refundId, amount, state }) => [refundId, amount.amount, state.type].join(' ')).sort(),
      known.map(({ refundId, amount, state }) => [refundId, amount, state].join(' ')).sort(),
      `refunds of payment ${id}`,
    );
  }
  for (const id of provider.refunds.keys()) holds(payments.has(id), `refunds of ${id}, which is no payment`);
};
