import { readConfig } from '../config/config.ts';
import { openClient } from './actors/client.ts';
import type { Market } from './actors/market.ts';
import { Broken } from './broken.ts';
import { planOf } from './draw-plan.ts';
import { becomeQuiet } from './ending.ts';
import { checkAll } from './invariants/all.ts';
import type { Seen } from './invariants/read-models.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { Witness } from './stores/read-model-disk.ts';
import { begun, type Scene, tell, untilServing } from './story.ts';
import { type SharedDoor, sharedDoor } from './world/door.ts';
import { openHost } from './world/host.ts';
import { openWorld, paymentTimeoutMs, type World } from './world/world.ts';

export { planOf } from './draw-plan.ts';

const administrator = { email: 'admin@example.test', password: 'correct horse battery staple 1' };
const config = readConfig({
  RATE_LIMIT: 'off',
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
  PAYMENT_TIMEOUT_S: String(paymentTimeoutMs / 1_000),
  SETTLEMENT_DELAY_S: '1',
});

const sceneOf = (
  plan: Plan,
  door: SharedDoor,
  options: { readonly seen?: Seen; readonly before?: World } = {},
): Scene => {
  const { seen = new Map(), before } = options;
  const witness: Witness = ({ projection }, id, kept) => {
    if (kept === undefined) return;
    const documents = seen.get(projection) ?? new Map<string, Set<string>>();
    seen.set(projection, documents);
    documents.set(id, (documents.get(id) ?? new Set<string>()).add(kept.text));
  };
  const world = openWorld(plan, witness, before);
  const host = openHost(world, config, door);
  return { plan, world, host, client: openClient(world, host, { administrator }) };
};

/** Lets simulated time pass until `story` has come to its end. Rejects with what it threw. */
const played = async <T>({ world }: Scene, story: Promise<T>): Promise<T> => {
  let over = false;
  const end = (): void => {
    over = true;
  };
  story.then(end, end);
  await world.timeline.run(() => over);
  if (!over) throw new Error('nothing is left to happen, and the story is not over');
  return story;
};

/** What every run of this thread begins with: the door, and a market that opened in fair weather. */
type Prepared = { readonly door: SharedDoor; readonly opened: World; readonly market: Market };

/**
 * Made in worlds of their own, once: building the door takes turns of the event loop that no run may count, and the market opens the same
 * way each time.
 */
const prepare = async (): Promise<Prepared> => {
  const door = sharedDoor();
  const plan: Plan = { seed: 0, failingPerMille: 0, slowestCallMs: 0, items: [] };
  const first = sceneOf(plan, door);
  first.host.start();
  await played(first, untilServing(first));
  const scene = sceneOf(plan, door);
  const open = async (): Promise<Market> => {
    const market = await begun(scene);
    await becomeQuiet(scene);
    return market;
  };
  return { door, market: await played(scene, open()), opened: scene.world };
};
let prepared: Promise<Prepared> | undefined;

/**
 * Runs a plan, or the one drawn from a seed. Resolves with a failure for a broken rule; rejects only for a fault of the simulator itself.
 * One at a time in one thread.
 */
export const runSeed = async (plan: Plan | { readonly seed: number; readonly hours?: number }): Promise<Outcome> => {
  const whole = 'items' in plan ? plan : planOf(plan.seed, plan);
  prepared ??= prepare();
  const { door, opened, market } = await prepared;
  const seen: Seen = new Map();
  const scene = sceneOf(whole, door, { seen, before: opened });
  const { world, client, host } = scene;
  const told = async (): Promise<void> => {
    host.start();
    await untilServing(scene);
    world.weather.storm();
    await tell(scene, market);
    world.weather.calm();
    await becomeQuiet(scene);
    await checkAll(scene, new Map([...market.accountIds].map(([name, id]) => [id, name])), seen);
  };
  const outcome = (): Outcome => ({
    seed: whole.seed,
    traceHash: world.trace.hash(),
    commands: client.commands(),
    events: world.log.events.length,
    simulatedMs: world.timeline.now(),
  });
  try {
    await played(scene, told());
    return outcome();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const failure = { invariant: error.invariant, detail: error.message, trace: world.trace.lines() };
    return { ...outcome(), failure };
  }
};
