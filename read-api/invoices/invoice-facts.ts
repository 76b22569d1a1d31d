import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import type { LogReader } from '../state-from-log.ts';

type OrderEventNamed<Type extends OrderEvent['type']> = Recorded<Extract<OrderEvent, { type: Type }>>;

export type Seller = { readonly id: string; readonly displayName: string; readonly country: string };

/** What an invoice is made of; `paid` absent: the money did not come, or it came too late. */
export type InvoiceFacts = {
  readonly placed: OrderEventNamed<'OrderPlaced'>;
  readonly paid: OrderEventNamed<'OrderPaid'> | undefined;
};

const eventsOf = async function* ({ store, codec }: LogReader, stream: string): AsyncGenerator<Recorded<DomainEvent>> {
  for await (const batch of store.readStream(stream))
    for (const decoded of await codec.decode(batch)) {
      if (!decoded.ok) throw new Error(`${decoded.stored.stream}: ${decoded.reason}`);
      yield decoded.event;
    }
};

/** The facts as the log has them, the buyer's name as it can be read now; undefined: there is no such order. */
export const invoiceFacts = async (log: LogReader, orderId: string): Promise<InvoiceFacts | undefined> => {
  let placed: InvoiceFacts['placed'] | undefined;
  let paid: InvoiceFacts['paid'];
  let cancelled = false;
  for await (const event of eventsOf(log, `order-${orderId}`)) {
    if (event.type === 'OrderPlaced') placed = event;
    if (event.type === 'OrderCancelled') cancelled = true;
    if (event.type === 'OrderPaid' && !cancelled) paid ??= event;
  }
  return placed && { placed, paid };
};

/** A seller under the business name that it had at a position of the log. */
export const sellerAt = async (log: LogReader, vendorId: string, position: bigint): Promise<Seller> => {
  let vendor = vendorDecider.initial;
  for await (const event of eventsOf(log, `${vendorDecider.category}-${vendorId}`)) {
    if (event.position > position) break;
    // The codec lets only the category's own events through.
    vendor = vendorDecider.evolve(vendor, event as Parameters<typeof vendorDecider.evolve>[1]);
  }
  if (vendor.status === 'none') throw new Error(`no vendor ${vendorId} before ${position}`);
  return { id: vendorId, displayName: vendor.displayName, country: vendor.country };
};
