import { licensesOf, order, use } from './buying.ts';
import type { Buyer } from './cast.ts';
import { opinions, replies } from './opinions.ts';
import type { World } from './world.ts';

export type Stars = keyof typeof opinions;

const dayMs = 86_400_000;

/** One of the list, by chance. */
const oneOf = <T>({ stage }: World, list: readonly T[]): T => {
  const found = list[Math.floor(stage.chance() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};

/** How well a product is liked, from 0 to 1, and how much it sells: the same for the same `ref`. */
const appealOf = (ref: string): number => {
  let sum = 7;
  for (const letter of ref) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return sum / 997;
};

const starsOf = (world: World, ref: string): Stars => {
  const luck = 0.65 * world.stage.chance() + 0.35 * appealOf(ref);
  if (luck > 0.46) return 5;
  if (luck > 0.3) return 4;
  if (luck > 0.22) return 3;
  return luck > 0.14 ? 2 : 1;
};

/** What is told: each opinion once before any comes again. */
const told = new WeakMap<World, Map<Stars, number>>();
const opinionOf = (world: World, stars: Stars) => {
  const counts = told.get(world) ?? new Map<Stars, number>();
  told.set(world, counts);
  const count = counts.get(stars) ?? 0;
  counts.set(stars, count + 1);
  const list = opinions[stars];
  return count < list.length ? list[count] : undefined;
};

/** Who has said something about what: nobody does twice. */
const said = new WeakMap<World, Set<string>>();
const isFirst = (world: World, who: Buyer, ref: string): boolean => {
  const all = said.get(world) ?? new Set<string>();
  said.set(world, all);
  return all.size < all.add(`${who.name}/${ref}`).size;
};

/** The buyer says how it was, with `given` stars or as chance has it; the vendor may answer. */
export const review = async (world: World, who: Buyer, ref: string, given?: Stars): Promise<void> => {
  const listed = world.listed.get(ref);
  if (listed === undefined || !world.onSale.has(ref) || !isFirst(world, who, ref)) return;
  const stars = given ?? starsOf(world, ref);
  const [title, body] = opinionOf(world, stars) ?? [];
  const id = await who.make(`/products/${listed.id}/reviews`, {
    stars,
    ...(title === undefined || body === undefined ? {} : { title, body }),
  });
  if (title === undefined || world.stage.chance() > (stars < 4 ? 0.8 : 0.3)) return;
  const answer = oneOf(world, replies[stars < 4 ? 'not' : 'pleased']);
  world.agenda.add(world.stage.now() + (0.2 + world.stage.chance()) * dayMs, async () => {
    await world.cast.vendors[listed.offer.vendor].ask('POST', `/reviews/${id}/reply`, { body: answer });
  });
};

/** A sale like most: paid by card, taken, used, and sometimes reviewed. */
const sell = async (world: World, owned: Set<string>): Promise<void> => {
  const { stage, agenda, cast, onSale } = world;
  const who = oneOf(world, cast.buyers);
  const wanted = [...onSale].filter((ref) => {
    const listed = world.listed.get(ref);
    const limited = listed?.offer.stock !== undefined;
    return !limited && !owned.has(`${who.name}/${ref}`) && appealOf(ref) > stage.chance() * 0.9;
  });
  if (wanted.length === 0) return;
  const ref = oneOf(world, wanted);
  const currency = world.listed.get(ref)?.currency;
  const second = wanted.filter((each) => each !== ref && world.listed.get(each)?.currency === currency);
  const refs = second.length > 0 && stage.chance() < 0.18 ? [ref, oneOf(world, second)] : [ref];
  for (const each of refs) owned.add(`${who.name}/${each}`);
  const team = stage.chance() < 0.22 ? { team: true as const } : {};
  const id = await order(world, who, { refs, ...team });
  await stage.settle();
  for (const license of await licensesOf(world, id)) {
    if (stage.chance() < 0.7) await use(world, who, license);
  }
  for (const each of refs) {
    if (stage.chance() < 0.8)
      agenda.add(stage.now() + (0.6 + 5 * stage.chance()) * dayMs, () => review(world, who, each));
  }
};

const firstSale = 3;
const lastDay = 30;

/** Sales of every day, more of them as the month goes on, fewer on weekends. */
export const planSales = (world: World): void => {
  const { agenda, stage } = world;
  const owned = new Set<string>();
  const hour = (): number => 7 + Math.floor(14 * stage.chance());
  for (let day = firstSale; day <= lastDay; day++) {
    const weekday = new Date(agenda.on(day, 12)).getUTCDay();
    const usual = 1.2 + day / 10;
    const count = Math.round(usual * (weekday === 0 || weekday === 6 ? 0.5 : 1) * (0.7 + 0.6 * stage.chance()));
    for (let sale = 0; sale < count; sale++)
      agenda.add(agenda.on(day, hour(), Math.floor(60 * stage.chance())), () => sell(world, owned));
  }
  for (const part of [0.2, 0.35, 0.6, 0.85]) agenda.add(agenda.today(part), () => sell(world, owned));
};
