import type { PlannedAction } from '../plan.ts';
import type { Draw } from '../world/draw.ts';
import type { Client } from './client.ts';
import type { Market } from './market.ts';

/** What the actors remember of their own doings. */
export type Memory = {
  /** Ids of orders by who placed them. */
  readonly orders: Map<string, string[]>;
  readonly payouts: Map<string, string[]>;
};

export type Stage = { readonly client: Client; readonly market: Market; readonly memory: Memory };

/** Does what was planned. Whoever has nothing to do it with tries it all the same, and is refused. */
export type Action = {
  /** How many commands it sends at least each time that it is done; default one. */
  readonly sends?: (choices: PlannedAction['with']) => number;
  /** Who may be drawn to do it. */
  readonly who: readonly string[];
  /** How often it is drawn, among all actions. */
  readonly weight: number;
  /** Part of the time that has to be over before it is drawn, 0 to 1. */
  readonly notBefore?: number;
  readonly draw: (draw: Draw) => PlannedAction['with'];
  readonly act: (stage: Stage, by: string, choices: PlannedAction['with']) => Promise<void>;
};

/** An id that nothing has. */
export const nobodys = '00000000-0000-7000-8000-000000000000';

/** The n-th of a list, round and round; undefined of an empty one. */
export const nth = <T>(list: readonly T[] | undefined, n: string | number | boolean | undefined): T | undefined =>
  list === undefined || list.length === 0 ? undefined : list[Number(n ?? 0) % list.length];

export const remember = (book: Map<string, string[]>, by: string, id: unknown): void => {
  if (typeof id === 'string') book.set(by, [...(book.get(by) ?? []), id]);
};

/** The items of a page. */
export const itemsOf = (body: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(body.items) ? body.items : [];
