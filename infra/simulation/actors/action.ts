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

/** Does what was planned, as far as there is anything to do it with. */
export type Action = {
  /** Who may be drawn to do it. */
  readonly who: readonly string[];
  /** How often it is drawn, among all actions. */
  readonly weight: number;
  /** Part of the time that has to be over before it is drawn, 0 to 1. */
  readonly notBefore?: number;
  readonly draw: (draw: Draw) => PlannedAction['with'];
  readonly act: (stage: Stage, by: string, choices: PlannedAction['with']) => Promise<void>;
};

/** The n-th of a list, round and round; undefined of an empty one. */
export const nth = <T>(list: readonly T[] | undefined, n: string | number | boolean | undefined): T | undefined =>
  list === undefined || list.length === 0 ? undefined : list[Number(n ?? 0) % list.length];

export const remember = (book: Map<string, string[]>, by: string, id: unknown): void => {
  if (typeof id === 'string') book.set(by, [...(book.get(by) ?? []), id]);
};

/** The items of a page. */
export const itemsOf = (body: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(body.items) ? body.items : [];
