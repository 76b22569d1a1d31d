import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Step } from '../../domain/checkout/steps.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Cause } from '../handling/stream-cache.ts';
import { paymentIdOf } from './ids.ts';

type Deps = { readonly store: EventStore; readonly codec: EventCodec };
type Sought = { readonly stream: string; readonly type: DomainEvent['type']; readonly about: string };

const reflected = {
  OpenDispute: 'PaymentDisputeOpened',
  WinDispute: 'PaymentDisputeWon',
  LoseDispute: 'PaymentDisputeLost',
} as const;
const followed = { opened: 'OrderDisputeOpened', won: 'OrderDisputeWon', lost: 'OrderDisputeLost' } as const;

/** The event that a step is owed because of, where that need not be the last one of the order. */
const soughtBy = (orderId: string, step: Step): Sought | undefined => {
  const order = `${orderDecider.category}-${orderId}`;
  switch (step.type) {
    case 'reflectDispute': {
      const { command } = step;
      if (command.type !== 'OpenDispute' && command.type !== 'WinDispute' && command.type !== 'LoseDispute')
        return undefined;
      const stream = `${paymentDecider.category}-${paymentIdOf(orderId)}`;
      return { stream, type: reflected[command.type], about: command.disputeId };
    }
    case 'settleDispute':
      return { stream: order, type: followed[step.stage], about: step.disputeId };
    case 'settleRefund':
      return { stream: order, type: 'OrderRefunded', about: step.refundId };
    default:
      return undefined;
  }
};

const isAbout = ({ data }: DomainEvent, id: string): boolean =>
  ('disputeId' in data && data.disputeId === id) || ('refundId' in data && data.refundId === id);

/**
 * What a step of the checkout is done because of, so that a refund and each stage of a dispute are one correlated chain
 * from what the provider said, whatever else happens to the order meanwhile: the event itself, or `last`.
 */
export const causeOfStep =
  ({ store, codec }: Deps) =>
  async (orderId: string, step: Step, last: Cause): Promise<Cause> => {
    const sought = soughtBy(orderId, step);
    if (sought === undefined) return last;
    for await (const batch of store.readStream(sought.stream)) {
      for (const decoded of await codec.decode(batch.filter(({ type }) => type === sought.type)))
        if (decoded.ok && isAbout(decoded.event, sought.about)) return decoded.event;
    }
    return last; // told out of order: the end of a dispute stands where its beginning would
  };
