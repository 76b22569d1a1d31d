import { isOwed } from '../kill/quiet.ts';
import { itemsOf, nobodys } from './actors/action.ts';
import { Broken } from './broken.ts';
import { liveOf } from './stores/memory-sink.ts';
import { type Scene, untilServing } from './story.ts';

const lookEveryMs = 400;
/** So long nothing may happen any more for it to be quiet. */
const stillMs = 3_000;
/** How long a world may take until it is quiet, simulated. */
const patienceMs = 45 * 60_000;
/** How often the operator looks after what waits for one. */
const roundEveryMs = 5_000;

/** What keeps the world from being quiet: nothing, once it is. */
const unrest = ({ world, host }: Scene): readonly string[] => {
  const { log, readModels, providerFile } = world;
  if (host.serving() === undefined) return ['the process is down'];
  const head = BigInt(log.events.length - 1);
  const behind = readModels.generations.flatMap(({ row: { projection, generation, state, checkpoint } }) => {
    if (state === 'dropped') return [];
    if (state === 'building') return [`${projection} ${generation} is being built`];
    return checkpoint === head ? [] : [`${projection} ${generation} (${state}) is at ${checkpoint} of ${head}`];
  });
  const owed = [...(liveOf(readModels, 'desk')?.documents ?? [])].flatMap(([id, { document }]) => {
    const waits = Array.isArray(document.owes) && document.owes.includes('awaitOperator');
    return isOwed(document) || waits ? [`${id} owes ${JSON.stringify(document.owes)} by ${document.dueAt}`] : [];
  });
  const webhooksOwed = providerFile.webhooksOwed();
  const letters = readModels.letters.size;
  return [
    ...behind,
    ...owed,
    ...(webhooksOwed > 0 ? [`${webhooksOwed} webhooks`] : []),
    ...(letters > 0 ? [`${letters} dead letters`] : []),
  ];
};

/** One round of the operator: what is paused or stopped goes on, dead letters are tried again, stuck sagas are settled. */
const round = async ({ client, world }: Scene): Promise<void> => {
  const post = (path: string, body: unknown = {}) => client.call('operator', { method: 'POST', path, body });
  const list = async (path: string) => itemsOf((await client.call('operator', { method: 'GET', path })).body);
  for (const { name, state, rebuild } of await list('/operator/projections')) {
    const building = typeof rebuild === 'object' && rebuild !== null && 'state' in rebuild ? rebuild.state : undefined;
    if ([state, building].some((each) => each === 'paused' || each === 'stopped'))
      await post(`/operator/projections/${name}/resume`);
  }
  for (const { id, eventId } of [...world.readModels.letters.values()]) {
    const unreadable = world.log.events.some((event) => event.id === eventId && world.poisoned.has(event.position));
    await (unreadable
      ? post(`/operator/dead-letters/${id}/discard`, { reason: 'nobody can read it' })
      : post(`/operator/dead-letters/${id}/replay`));
  }
  for (const { id, owes } of await list('/operator/sagas'))
    if (Array.isArray(owes) && owes.includes('awaitOperator'))
      await post(`/operator/sagas/${id}/resolve`, { outcome: 'refunded', reason: 'by bank transfer' });
};

/** Of a thousand webhooks that were told, so many are told again when all is over. */
const toldAgainPerMille = 150;

/** Webhooks come at least once: the provider tells again, out of order, some of what it told long ago. */
const tellAgain = async ({ world: { provider, providerFile, draw } }: Scene): Promise<void> => {
  providerFile.oweAgain(toldAgainPerMille, draw);
  // Any call makes it look at what it owes.
  await provider.findCharge(nobodys);
};

/** Lets what is under way come to its end, with an operator at hand. @throws Broken when it does not */
export const becomeQuiet = async (scene: Scene): Promise<void> => {
  const { world, client } = scene;
  const { timeline, provider, draw } = world;
  provider.setWebhookChaos({ delayMs: 0, copies: 1, shuffle: false });
  for (const { disputeId, status } of [...world.providerFile.read().disputes.values()].flat())
    if (status === 'opened' && draw.chance(700))
      await provider.submitEvidence({ disputeId, text: draw.pick(['winning_evidence', 'losing_evidence']) });
  const until = timeline.now() + patienceMs;
  let nextRound = timeline.now();
  let quietSince: number | undefined;
  let events = 0;
  let toldAgain = false;
  for (;;) {
    await untilServing(scene);
    if (timeline.now() >= nextRound) {
      await round(scene);
      nextRound = timeline.now() + roundEveryMs;
    }
    const left = unrest(scene);
    const still = left.length === 0 && world.log.events.length === events;
    events = world.log.events.length;
    if (still && !toldAgain) {
      toldAgain = true;
      await tellAgain(scene);
      continue;
    }
    quietSince = still ? (quietSince ?? timeline.now()) : undefined;
    if (quietSince !== undefined && timeline.now() - quietSince >= stillMs) return;
    if (timeline.now() > until) throw new Broken('everything comes to its end', left.join('\n'));
    await client.pause(lookEveryMs);
  }
};
