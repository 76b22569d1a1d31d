import { nothingKeyed, valueAt, withValue } from '../keyed.ts';
import { unreachable } from '../unreachable.ts';
import type { StockEvent } from './events.ts';
import type { StockHold, StockState } from './state.ts';

type Limited = Exclude<StockState, { status: 'none' }>;

const units = (hold: StockHold | undefined, state: StockHold['state']): number =>
  hold?.state === state ? hold.quantity : 0;

const withHold = (stock: Limited, orderId: string, hold: StockHold): Limited => {
  const before = valueAt(stock.holds, orderId);
  return {
    ...stock,
    holds: withValue(stock.holds, orderId, hold),
    held: stock.held - units(before, 'held') + units(hold, 'held'),
    sold: stock.sold + units(hold, 'confirmed'),
  };
};

/** Total: what can't have happened leaves the state unchanged. */
export const evolve = (state: StockState, event: StockEvent): StockState => {
  if (event.type === 'StockLevelSet') {
    const { level, quantity } = event.data;
    if (state.status === 'none') return { status: 'limited', level, quantity, holds: nothingKeyed, held: 0, sold: 0 };
    return level > state.level ? { ...state, level, quantity, sold: 0 } : state;
  }
  if (state.status === 'none') return state;
  const { orderId } = event.data;
  const hold = valueAt(state.holds, orderId);
  switch (event.type) {
    case 'StockReserved': {
      if (hold !== undefined && hold.state !== 'released') return state;
      return withHold(state, orderId, { state: 'held', quantity: event.data.quantity, until: event.data.until });
    }
    case 'StockConfirmed':
      return hold === undefined || hold.state === 'confirmed'
        ? state
        : withHold(state, orderId, { ...hold, state: 'confirmed' });
    case 'StockReleased':
      return hold?.state === 'held' ? withHold(state, orderId, { ...hold, state: 'released' }) : state;
    default:
      return unreachable(event);
  }
};
