import type { Stage } from '../stage.ts';
import { offers } from '../workflows/offers.ts';
import { agendaOf } from './agenda.ts';
import { castOf } from './cast.ts';
import { planFlagship } from './flagship.ts';
import { askForPayout, planCoupons, planLook, planPayouts } from './money.ts';
import { planSales } from './month.ts';
import { planOrders } from './orders.ts';
import { planDesks, planProducts } from './shop.ts';
import type { World } from './world.ts';

/** Lets the demo's month, which ends at `endMs`, happen on the stage up to `untilMs`. */
export const tellStory = async (stage: Stage, endMs: number, untilMs: number): Promise<void> => {
  const agenda = agendaOf(stage, endMs, untilMs);
  const world: World = {
    ...{ stage, agenda, listed: new Map(), onSale: new Set() },
    cast: await castOf(stage, agenda),
  };
  planProducts(world, offers);
  planCoupons(world);
  planSales(world);
  planOrders(world);
  planFlagship(world);
  planLook(world);
  planDesks(world);
  planPayouts(world);
  await agenda.run();
  if (untilMs >= endMs) await askForPayout(world);
};
