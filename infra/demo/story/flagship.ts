import { order } from './buying.ts';
import { review, type Stars } from './month.ts';
import { buyer, type World } from './world.ts';

/** Who buys, on which day, what whoever searches first is likely to open, and says a few days later how it was. */
const flagship = 'invoices';
const bought = [
  { name: 'Ines', day: 7, hour: 10 },
  { name: 'Ravi', day: 13, hour: 9 },
  { name: 'Hanne', day: 17, hour: 14 },
  { name: 'Jonas', day: 22, hour: 8 },
] as const;
const daysUntilSaid = 4;
/** Of those who have it by other orders (orders.ts): the flagship, and what is newest. */
const heard: readonly { name: string; ref: string; day: number; hour: number; stars?: Stars }[] = [
  { name: 'Diego', ref: flagship, day: 14, hour: 19 },
  { name: 'Lucie', ref: flagship, day: 24, hour: 11 },
  { name: 'Aiko', ref: 'flags', day: 29, hour: 4 },
  { name: 'Ravi', ref: 'flags', day: 30, hour: 13 },
  { name: 'Hanne', ref: 'seo', day: 25, hour: 9, stars: 1 }, // asked for her money back, and did not get it
];

/** Sales and reviews of what is seen first, so that the first page anybody opens shows products that are used. */
export const planFlagship = (world: World): void => {
  const { agenda } = world;
  const say = (name: string, ref: string, at: number, stars?: Stars): void =>
    agenda.add(at, () => review(world, buyer(world, name), ref, stars));
  for (const { name, day, hour } of bought) {
    const purchase = { refs: [flagship] };
    agenda.add(agenda.on(day, hour), async () => void (await order(world, buyer(world, name), purchase)));
    say(name, flagship, agenda.on(day + daysUntilSaid, hour, 20));
  }
  for (const { name, ref, day, hour, stars } of heard) say(name, ref, agenda.on(day, hour), stars);
};
