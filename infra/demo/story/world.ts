import type { Stage } from '../stage.ts';
import type { Offer } from '../workflows/offer.ts';
import type { Agenda } from './agenda.ts';
import type { Cast } from './cast.ts';

/** A product of the demo that was put into the system. */
export type Listed = { readonly id: string; readonly offer: Offer; readonly currency: string };

export type World = {
  readonly stage: Stage;
  readonly agenda: Agenda;
  readonly cast: Cast;
  /** By `ref`; those on sale by now are in `onSale`. */
  readonly listed: Map<string, Listed>;
  readonly onSale: Set<string>;
};

/** @throws Error for a product that is not listed by now */
export const product = ({ listed }: World, ref: string): Listed => {
  const found = listed.get(ref);
  if (found === undefined) throw new Error(`${ref} is not listed yet`);
  return found;
};

/** @throws Error for a buyer who has not joined by now */
export const buyer = ({ cast }: World, name: string) => {
  const found = cast.buyers.find((each) => each.name.startsWith(name));
  if (found === undefined) throw new Error(`${name} has not joined yet`);
  return found;
};
