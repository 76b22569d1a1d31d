import type { RegisteredAccount } from '../../domain/account/account.ts';
import { owed } from '../../domain/checkout/owed.ts';
import { domainError } from '../../domain/errors.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isDisputed, isPlaced } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { Documents, ReadModelClock } from '../../infra/documents/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Handling } from '../handling/handling.ts';

export type NotBusyDeps = {
  readonly handling: Handling;
  readonly store: Pick<EventStore, 'head'>;
  readonly documents: Documents;
  readonly readModels: ReadModelClock;
};

const waitMs = 5_000;
const pageSize = 100;
const resting: readonly string[] = ['fulfilled', 'cancelled', 'refunded', 'partiallyRefunded'];

/** Whether anything of the order is still to come: goods, money, or a dispute's end. Decided on its own streams. */
const runs = async (handling: Handling, orderId: string, now: string): Promise<boolean> => {
  const { state: order } = await handling.load(orderDecider, orderId);
  const { state: payment } = await handling.load(paymentDecider, orderId);
  if (!isPlaced(order)) return false;
  const refunding = order.refunds.some((refund) => refund.state === 'requested');
  return !resting.includes(order.status) || refunding || isDisputed(order) || owed(order, payment, now).length > 0;
};

/** Ids of the orders that match, page after page. */
async function* ordersOf(documents: Documents, where: Readonly<Record<string, string>>): AsyncGenerator<string> {
  for (let last: string | undefined, more = true; more; ) {
    const after = last === undefined ? {} : { after: { values: [], id: last } };
    const found = await documents.find('orders', { where, order: [], limit: pageSize, ...after });
    for (const { id } of found) yield id;
    last = found.at(-1)?.id;
    more = found.length === pageSize;
  }
}

/** Whether an order that sells for the vendor still owes something, such as the vendor's own money. */
const sellsNow = async (handling: Handling, documents: Documents, vendorId: string): Promise<boolean> => {
  const where = { process: 'checkout', dueAt: { gt: '' } };
  for (let last: string | undefined, more = true; more; ) {
    const after = last === undefined ? {} : { after: { values: [], id: last } };
    const found = await documents.find('desk', { where, order: [], limit: pageSize, ...after });
    for (const { document } of found) {
      const { state: order } = await handling.load(orderDecider, String(document.key));
      if (isPlaced(order) && order.lines.some((line) => line.vendorId === vendorId)) return true;
    }
    last = found.at(-1)?.id;
    more = found.length === pageSize;
  }
  return false;
};

/** Whether a balance of the vendor, in any currency, is not settled: pending, available (also below zero) or reserved. */
const moneyIsDue = async (documents: Documents, vendorId: string): Promise<boolean> => {
  const currencies = (await documents.get('balances', vendorId))?.currencies;
  return Object.values(typeof currencies === 'object' ? (currencies ?? {}) : {}).some(
    (buckets: unknown) =>
      typeof buckets === 'object' &&
      buckets !== null &&
      Object.entries(buckets).some(([bucket, amount]) => bucket !== 'paidOut' && amount !== 0),
  );
};

/**
 * Refuses while an order of the person runs, or money is due to or from its vendor. Which orders and balances there are the read
 * models say, once they have all that the log has; whether an order runs its own streams say. An order that is placed in
 * the very moment of the erasure runs to its end without its person.
 * @throws DomainError ACCOUNT_BUSY, READ_MODEL_BEHIND
 */
export const assertNotBusy = async (deps: NotBusyDeps, account: RegisteredAccount, now: string): Promise<void> => {
  const { handling, store, documents, readModels } = deps;
  const head = await store.head();
  if (head !== undefined && !(await readModels.reached(['orders', 'balances', 'desk'], head, waitMs)))
    throw domainError('READ_MODEL_BEHIND');
  for await (const orderId of ordersOf(documents, { customerId: account.accountId })) {
    if (await runs(handling, orderId, now)) throw domainError('ACCOUNT_BUSY', `Order ${orderId} is not at its end.`);
  }
  const { vendorId } = account;
  if (vendorId === undefined) return;
  if (await sellsNow(handling, documents, vendorId))
    throw domainError('ACCOUNT_BUSY', 'An order of the vendor’s products is not at its end.');
  if (await moneyIsDue(documents, vendorId))
    throw domainError('ACCOUNT_BUSY', 'Money of the vendor is pending, available or reserved: pay it out first.');
};
