import { type Answer, awaited, type Door, get, type Options, textOf } from '../../local/test-door.ts';
import { type Item, type Market, ordering, orderWhen, tokenOf } from '../../local/test-market.ts';
import type { Random } from '../../random/port.ts';
import { Broken } from '../expecting.ts';
import type { Town } from '../town.ts';

/** Where a command that was acknowledged stands in the log. */
export type Recorded = { readonly stream: string; readonly revision: string; readonly position: string };

/** What the crew knows of what it did, to hold the system against it. */
export type Diary = {
  /** Ids of all orders that were accepted. */
  readonly orders: Set<string>;
  /** Answers of single lines of imports. */
  readonly lines: Recorded[];
  /** Names of persons who are erased, each standing nowhere but in what they said of themselves. */
  readonly erased: Set<string>;
  /** How often something came about. */
  readonly tally: Map<string, number>;
};

/** Where one errand is run. */
export type Scene = {
  readonly door: Door;
  readonly town: Town;
  readonly market: Market;
  readonly random: Random;
  readonly diary: Diary;
  /** The errand's own number: what it makes is named by it. */
  readonly n: number;
  /** A name that no other errand of any run uses. */
  readonly name: (what: string) => string;
};

/** One thing that people do, from beginning to end. Throws Broken when the system does not keep a promise. */
export type Errand = (scene: Scene) => Promise<void>;

export const counted = ({ diary: { tally } }: Scene, what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};

export const buyers = 6;
export const buyerName = (n: number): string => `buyer${n % buyers}`;
export const buyerOf = ({ door, n }: Scene): Promise<string> => tokenOf(door, buyerName(n));
export const adminOf = ({ door }: Scene): Promise<string> => tokenOf(door, 'admin');

/** Who runs with a key of its own. */
export const as = (scene: Scene, token: string, what: string): Required<Options> => ({ token, key: scene.name(what) });

const ends = ['fulfilled', 'cancelled', 'refunded', 'partiallyRefunded'];

/** The order once it rests. */
export const atRest = (scene: Scene, id: string, token: string): Promise<Answer> =>
  orderWhen(scene.door, id, token, 'rests', ({ state }) => ends.includes(String(state)));

/**
 * Orders. Undefined: given up, because the process was away for longer than an order may take; what was held for it
 * is free again then, and its buyer orders anew.
 */
export const ordered = async (
  scene: Scene,
  token: string,
  items: readonly Item[],
  method: string,
  more: Answer = {},
): Promise<string | undefined> => {
  const { status, text } = await ordering(scene.door, items, method, as(scene, token, 'buy'), more);
  const answer: Answer = JSON.parse(text);
  if (answer.code === 'CHECKOUT_EXPIRED') {
    counted(scene, 'given up');
    return undefined;
  }
  if (status >= 300) throw new Broken(`an order by ${method} was answered ${status} ${text}`);
  return textOf(answer, 'id');
};

/** Orders, and waits for the end. Undefined: given up, because the process was away for longer than a payment may take. */
export const bought = async (
  scene: Scene,
  items: readonly Item[],
  method: string,
  more: Answer = {},
): Promise<(Answer & { readonly id: string }) | undefined> => {
  const token = await buyerOf(scene);
  const id = await ordered(scene, token, items, method, more);
  if (id === undefined) return undefined;
  scene.diary.orders.add(id);
  const rested: Answer & { readonly id: string } = { ...(await atRest(scene, id, token)), id };
  if (rested.state !== 'cancelled') return rested;
  if (rested.reason !== 'payment_timeout') throw new Broken(`order ${id} by ${method}: ${JSON.stringify(rested)}`);
  counted(scene, 'given up');
  return undefined;
};

/** Waits until a single thing, found at `path`, is so. */
export const untilAt = (
  { door }: Scene,
  path: string,
  token: string,
  what: string,
  isSo: (found: Answer) => boolean,
): Promise<Answer> =>
  awaited(door, `${path} ${what}`, async () => {
    const { status, text } = await get(door, path, { token });
    if (status !== 200) return false;
    const found: Answer = JSON.parse(text);
    return isSo(found) && found;
  });

export const listOf = (value: unknown): readonly Answer[] => (Array.isArray(value) ? value : []);
