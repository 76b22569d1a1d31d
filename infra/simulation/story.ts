import { unreachable } from '../../domain/unreachable.ts';
import type { Memory } from './actors/action.ts';
import { actions } from './actors/actions.ts';
import type { Client } from './actors/client.ts';
import { type Market, openMarket } from './actors/market.ts';
import type { Plan, PlanItem } from './plan.ts';
import { strike } from './world/faults.ts';
import type { Host } from './world/host.ts';
import type { World } from './world/world.ts';

export type Scene = {
  readonly plan: Plan;
  readonly world: World;
  readonly host: Host;
  readonly client: Client;
};

const lookEveryMs = 100;

/** Waits until the system serves. */
export const untilServing = async ({ host, client }: Scene): Promise<void> => {
  while (host.serving() === undefined) await client.pause(lookEveryMs);
};

/** Everything that was planned, each at its time, until the last of it has come to its end. */
export const tell = async (scene: Scene, market: Market): Promise<void> => {
  const { plan, world, host, client } = scene;
  const memory: Memory = { orders: new Map(), payouts: new Map() };
  const happen = async (item: PlanItem): Promise<void> => {
    await client.pause(item.at);
    switch (item.kind) {
      case 'fault':
        return strike(world, host, item.fault);
      case 'action':
        return actions.get(item.does)?.act({ client, market, memory }, item.by, item.with);
      default:
        return unreachable(item);
    }
  };
  await Promise.all(plan.items.map(happen));
};

/** The market, open, in fair weather. */
export const begun = async (scene: Scene): Promise<Market> => {
  scene.host.start();
  await untilServing(scene);
  return openMarket(scene.client);
};
