import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { licenseDecider } from '../../domain/license/license.ts';
import type { NotificationFacts } from '../../domain/notification/events.ts';
import { type Concerned, isNews, type NewsEvent, newsOf } from '../../domain/notification/news.ts';
import { notificationDecider } from '../../domain/notification/notification.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced } from '../../domain/order/state.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import type { Reactor } from '../reacting/reactor.ts';
import { recentEvents } from '../reacting/recent-events.ts';

type Deps = { readonly handling: Handling; readonly store: EventStore; readonly codec: EventCodec };
/** Whom it concerns, and what only that stream knows of it. */
type Receiver = { readonly accountId: string; readonly facts: NotificationFacts };

const causeOf = ({ stream, revision }: Pick<Recorded<DomainEvent>, 'stream' | 'revision'>): string =>
  `${stream}@${revision}`;

const receiverOf = async (handling: Handling, { by, id }: Concerned): Promise<Receiver | undefined> => {
  switch (by) {
    case 'order': {
      const { state } = await handling.load(orderDecider, id);
      if (!isPlaced(state)) return undefined;
      const title = [...new Set(state.lines.map((line) => line.title))].join(', ');
      return { accountId: state.customerId, facts: { title, currency: state.currency } };
    }
    case 'license': {
      const { state } = await handling.load(licenseDecider, id);
      if (state.status === 'none') return undefined;
      const { ownerId: accountId, orderId, productId, title } = state;
      return { accountId, facts: { orderId, productId, title } };
    }
    case 'payout': {
      const { state } = await handling.load(vendorPayoutDecider, id);
      if (state.status === 'none') return undefined;
      const { vendorId, amount, currency } = state.terms;
      const owner = await receiverOf(handling, { by: 'vendor', id: vendorId });
      return owner && { ...owner, facts: { vendorId, amount, currency } };
    }
    case 'product': {
      const { state } = await handling.load(productDecider, id);
      if (state.status === 'none') return undefined;
      const { vendorId, listing } = state;
      const owner = await receiverOf(handling, { by: 'vendor', id: vendorId });
      return owner && { ...owner, facts: { vendorId, title: listing.title } };
    }
    case 'vendor': {
      const { state } = await handling.load(vendorDecider, id);
      return state.status === 'none' ? undefined : { accountId: state.ownerId, facts: {} };
    }
    default:
      return unreachable(by);
  }
};

/**
 * Tells people of what happened: one notification for each event that is news to somebody, under an id made of the event.
 * Key: `<stream>@<revision>` of the event.
 */
export const notifyReactor = ({ handling, store, codec }: Deps): Reactor => {
  const recent = recentEvents<NewsEvent>();
  const eventAt = async (key: string): Promise<Recorded<DomainEvent> | undefined> => {
    const at = key.lastIndexOf('@');
    const from = BigInt(key.slice(at + 1));
    for await (const batch of store.readStream(key.slice(0, at), { from, limit: 1 })) {
      for (const decoded of await codec.decode(batch)) {
        if (!decoded.ok) throw new Error(`${key} can't be read: ${decoded.reason}`);
        return decoded.event;
      }
    }
    return undefined;
  };

  return {
    process: 'notify',
    concerns: (event) => {
      if (!isNews(event)) return [];
      recent.remember(causeOf(event), event);
      return [causeOf(event)];
    },
    drive: async (cause) => {
      const event = recent.take(cause) ?? (await eventAt(cause));
      if (event === undefined || !isNews(event)) return;
      const { kind, to, mail, facts } = newsOf(event);
      const receiver = await receiverOf(handling, to);
      if (receiver === undefined) throw new Error(`${cause} concerns a ${to.by} that is not there`);
      const notificationId = idFrom(event.id, 'notification');
      const { accountId } = receiver;
      const told = { notificationId, accountId, kind, cause, mail, facts: { ...receiver.facts, ...facts } };
      const raise = { type: 'RaiseNotification', ...told } as const;
      await handling.handle(notificationDecider, notificationId, raise, becauseOf(event, 'notify'));
    },
  };
};
