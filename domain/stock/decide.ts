import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { valueAt } from '../keyed.ts';
import { unreachable } from '../unreachable.ts';
import type { StockCommand } from './commands.ts';
import type { StockEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { noStock, remainingStock, type StockState } from './state.ts';

type Reserve = Extract<StockCommand, { type: 'ReserveStock' }>;

/**
 * A newer level than the known one is recorded first and counts anew: what was sold before does not count, open holds
 * do. An older level (a buyer's command overtook the vendor's) changes nothing. A released order may reserve anew.
 */
const reserve = (command: Reserve, state: StockState): StockEvent[] => {
  const { productId, orderId, quantity, level, available, until } = command;
  if (!(Number.isSafeInteger(quantity) && quantity > 0))
    throw domainError('INVALID_INPUT', 'quantity must be a positive whole number');
  const hold = state.status === 'none' ? undefined : valueAt(state.holds, orderId);
  if (hold !== undefined && hold.state !== 'released') return [];
  const newLevel: StockEvent[] =
    state.status === 'none' || level > state.level
      ? [{ type: 'StockLevelSet', data: { productId, level, quantity: available } }]
      : [];
  const remaining = remainingStock(newLevel.reduce(evolve, state)) ?? 0;
  if (quantity > remaining)
    throw domainError('OUT_OF_STOCK', undefined, { productId, remaining: Math.max(0, remaining) });
  return [...newLevel, { type: 'StockReserved', data: { productId, orderId, quantity, until } }];
};

/** The money of the order was taken: a hold is never refused its confirmation, also after it was released. */
const confirm = (productId: string, orderId: string, state: StockState): StockEvent[] => {
  const hold = state.status === 'none' ? undefined : valueAt(state.holds, orderId);
  if (hold === undefined) throw domainError('ORDER_STATE', 'The order never reserved this product');
  return hold.state === 'confirmed' ? [] : [{ type: 'StockConfirmed', data: { productId, orderId } }];
};

/** What was sold stays sold; what was never held has nothing to give back. */
const release = (productId: string, orderId: string, reason: string, state: StockState): StockEvent[] => {
  const hold = state.status === 'none' ? undefined : valueAt(state.holds, orderId);
  return hold?.state === 'held' ? [{ type: 'StockReleased', data: { productId, orderId, reason } }] : [];
};

/** @throws DomainError INVALID_INPUT, OUT_OF_STOCK, ORDER_STATE */
export const decide = (command: StockCommand, state: StockState): StockEvent[] => {
  switch (command.type) {
    case 'ReserveStock':
      return reserve(command, state);
    case 'ConfirmStock':
      return confirm(command.productId, command.orderId, state);
    case 'ReleaseStock':
      return release(command.productId, command.orderId, command.reason, state);
    default:
      return unreachable(command);
  }
};

/** Streams `stock-<productId>`. Units are reserved, then confirmed or released; holds end only by a release, never by time. */
export const stockDecider: Decider<StockCommand, StockState, StockEvent> = {
  category: 'stock',
  initial: noStock,
  decide,
  evolve,
};
