import type { Keyed } from '../keyed.ts';

/** What one order holds or bought. Only `held` and `confirmed` ones take stock. */
export type StockHold = {
  readonly state: 'held' | 'confirmed' | 'released';
  readonly quantity: number;
  /** The hold may be given up from here on, if its order never came. */
  readonly until: string;
};

export type StockState =
  /** Nothing was ever reserved: the product had no limit so far, or no buyer. */
  | { readonly status: 'none' }
  | {
      readonly status: 'limited';
      /** Counts the vendor's settings; `quantity` could be sold when this one was made. */
      readonly level: number;
      readonly quantity: number;
      /** By order id. */
      readonly holds: Keyed<StockHold>;
      /** Units in open holds, of whatever level. */
      readonly held: number;
      /** Units confirmed since the level was set. */
      readonly sold: number;
    };

export const noStock: StockState = { status: 'none' };

/**
 * Units that a new order could hold now; undefined when no level is known. Below 0 when the vendor set less than was
 * held, or a hold was confirmed after its release.
 */
export const remainingStock = (state: StockState): number | undefined =>
  state.status === 'none' ? undefined : state.quantity - state.held - state.sold;
