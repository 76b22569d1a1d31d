import { domainError } from '../../domain/errors.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced, type PlacedOrder } from '../../domain/order/state.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';

/** @throws DomainError NOT_FOUND */
export const placedOrder = async (handling: Handling, orderId: string): Promise<PlacedOrder> => {
  const { state } = await handling.load(orderDecider, orderId);
  if (!isPlaced(state)) throw domainError('NOT_FOUND');
  return state;
};

/** Passes for its buyer. @throws DomainError NOT_FOUND: somebody else's order is as absent as none */
export const ownOrder = async (handling: Handling, orderId: string, identity: Identity): Promise<void> => {
  const { customerId } = await placedOrder(handling, orderId);
  if (customerId !== identity.accountId) throw domainError('NOT_FOUND');
};

/** The lines of the order that the caller's own vendor sells. */
export const ownLines = async (
  handling: Handling,
  order: PlacedOrder,
  identity: Identity,
): Promise<ReadonlySet<string>> => {
  const vendorIds = [...new Set(order.lines.map((line) => line.vendorId))];
  const vendors = await Promise.all(vendorIds.map((vendorId) => handling.load(vendorDecider, vendorId)));
  const own = new Set(
    vendors.flatMap(({ state }) =>
      state.status !== 'none' && state.ownerId === identity.accountId ? [state.vendorId] : [],
    ),
  );
  return new Set(order.lines.filter((line) => own.has(line.vendorId)).map((line) => line.lineId));
};

/** The order, for administrators and vendors of a line of it. @throws DomainError NOT_FOUND for others */
export const answerableOrder = async (
  handling: Handling,
  orderId: string,
  identity: Identity,
): Promise<PlacedOrder> => {
  const order = await placedOrder(handling, orderId);
  if (identity.roles.includes('admin')) return order;
  if ((await ownLines(handling, order, identity)).size === 0) throw domainError('NOT_FOUND');
  return order;
};
