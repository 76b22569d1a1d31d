import { definitions } from '../../../projections/definitions.ts';
import { auditProjection } from '../../../projections/engine/source.ts';
import { startProjections } from '../../../projections/engine/start-projections.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import { personKeys } from '../../secrets/person-keys.ts';
import { openMemoryEventStore } from '../stores/memory-event-store.ts';
import type { Host } from './host.ts';
import { begin } from './life.ts';
import { portCalls } from './port-calls.ts';
import { portsOf } from './process.ts';
import type { World } from './world.ts';

/**
 * A worker that feeds the same read models as the process that serves, as one does that wakes up after its lease has gone. It ends without a
 * word after `forMs`, or in the next power cut: the file that loses its last transactions then is on the machine of both.
 */
export const startSecondWorker = (world: World, host: Pick<Host, 'beforePowerCut'>, forMs: number): void => {
  const { timeline, trace } = world;
  const life = begin(timeline);
  const calls = portCalls(world, life);
  const log = openMemoryEventStore(world.log, (done) => {
    life.after(1, done);
  });
  const { clock, random, store, readModels, secrets, log: words } = portsOf(world, life, calls, log);
  const { sink, documents } = readModels;
  const keys = personKeys(secrets, random);
  trace.note(timeline.now(), '*** a second worker wakes up');
  const starting = startProjections({
    ...{ definitions, store, documents, clock, random, log: words },
    codec: eventCodec({ keys, random }),
    erased: keys.forget,
    audit: readModels.audit(auditProjection),
    sinks: { documents: sink, search: sink, audit: sink },
    signal: new AbortController().signal,
  });
  starting.catch((error) => trace.note(timeline.now(), `*** the second worker could not start: ${String(error)}`));
  const end = (): void => {
    if (!life.alive()) return;
    trace.note(timeline.now(), '*** the second worker is gone');
    life.die();
    log.crash(0);
  };
  timeline.after(forMs, end);
  host.beforePowerCut(end);
};
