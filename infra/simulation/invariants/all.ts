import type { DomainEvent } from '../../../domain/catalogue.ts';
import type { Recorded } from '../../../domain/event/recorded.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import { expectConsistent } from '../../kill/end-state.ts';
import { Broken as NotConsistent } from '../../kill/expecting.ts';
import { worldOf } from '../../kill/world.ts';
import { personKeys } from '../../secrets/person-keys.ts';
import { Broken } from '../broken.ts';
import { memorySecrets } from '../stores/memory-secrets.ts';
import type { Scene } from '../story.ts';
import { checkErased } from './erasure.ts';
import { checkAcknowledged, checkLimits, checkSealed } from './log.ts';
import { checkReadModels, type Seen } from './read-models.ts';
import { checkTold } from './told.ts';

const readLog = async ({ world }: Scene): Promise<readonly Recorded<DomainEvent>[]> => {
  const keys = personKeys(memorySecrets(world.secrets), world.random);
  const decoded = await eventCodec({ keys, random: world.random }).decode(
    world.log.events.filter(({ position }) => !world.poisoned.has(position)),
  );
  return decoded.flatMap((each) => {
    if (each.ok) return [each.event];
    const { stream, revision } = each.stored;
    throw new Broken('every event can be read', `${stream}@${revision}: ${each.reason}`);
  });
};

const checkEnds = (...ends: Parameters<typeof expectConsistent>): void => {
  try {
    expectConsistent(...ends);
  } catch (error) {
    throw error instanceof NotConsistent ? new Broken('orders and money agree', error.message) : error;
  }
};

/** Everything that has to hold once the world is quiet. `names`: the persons there are, by account id. @throws Broken */
export const checkAll = async (scene: Scene, names: ReadonlyMap<string, string>, seen: Seen): Promise<void> => {
  const { world, client } = scene;
  const { events } = world.log;
  checkAcknowledged(events, client.acknowledged);
  checkSealed(events, [...names.values()]);
  const log = await readLog(scene);
  checkLimits(log);
  checkEnds(
    worldOf(
      Map.groupBy(
        events.filter(({ position }) => !world.poisoned.has(position)),
        ({ stream }) => stream,
      ),
    ),
    world.providerFile.read(),
  );
  checkTold(log);
  const erased = new Map(
    log.flatMap(({ type, data }) =>
      type === 'AccountErased' ? [[data.accountId, names.get(data.accountId) ?? '']] : [],
    ),
  );
  checkReadModels(log, world.readModels, seen, new Set(erased.keys()));
  checkErased(world, erased);
  const { status, body } = await client.call('auditor', { method: 'POST', path: '/audit/verify', body: {} });
  if (status !== 200 || body.ok !== true || body.verified !== events.length)
    throw new Broken('the chain fits the log', `${events.length} events, verified: ${JSON.stringify(body)}`);
};
