import { readConfig } from '../config/config.ts';
import { openClient } from './actors/client.ts';
import { Broken } from './broken.ts';
import { planOf } from './draw-plan.ts';
import { becomeQuiet } from './ending.ts';
import { checkAll } from './invariants/all.ts';
import type { Seen } from './invariants/read-models.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { begun, type Scene, tell, untilServing } from './story.ts';
import { type SharedDoor, sharedDoor } from './world/door.ts';
import { openHost } from './world/host.ts';
import { openWorld, paymentTimeoutMs } from './world/world.ts';

export { planOf } from './draw-plan.ts';

const administrator = { email: 'admin@example.test', password: 'correct horse battery staple 1' };
const config = readConfig({
  RATE_LIMIT: 'off',
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
  PAYMENT_TIMEOUT_S: String(paymentTimeoutMs / 1_000),
  SETTLEMENT_DELAY_S: '1',
});

const sceneOf = (plan: Plan, door: SharedDoor, seen: Seen = new Map()): Scene => {
  const world = openWorld(plan, ({ projection }, id, kept) => {
    if (kept === undefined) return;
    const documents = seen.get(projection) ?? new Map<string, Set<string>>();
    seen.set(projection, documents);
    documents.set(id, (documents.get(id) ?? new Set<string>()).add(kept.text));
  });
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

let door: Promise<SharedDoor> | undefined;
/** Built in a world of its own, before any run: it takes turns of the event loop that no run may count. */
const preparedDoor = async (): Promise<SharedDoor> => {
  const built = sharedDoor();
  const scene = sceneOf({ seed: 0, failingPerMille: 0, slowestCallMs: 0, items: [] }, built);
  scene.host.start();
  await played(scene, untilServing(scene));
  return built;
};

/**
 * Runs a plan, or the one drawn from a seed. Resolves with a failure for a broken rule; rejects only for a fault of the simulator itself.
 * One at a time in one thread.
 */
export const runSeed = async (plan: Plan | { readonly seed: number; readonly hours?: number }): Promise<Outcome> => {
  const whole = 'items' in plan ? plan : planOf(plan.seed, plan);
  door ??= preparedDoor();
  const seen: Seen = new Map();
  const scene = sceneOf(whole, await door, seen);
  const { world, client } = scene;
  const told = async (): Promise<void> => {
    const market = await begun(scene);
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
