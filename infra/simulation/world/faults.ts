import { unreachable } from '../../../domain/unreachable.ts';
import type { FaultKind } from '../plan.ts';
import type { Host } from './host.ts';
import { poison } from './poison.ts';
import { startSecondWorker } from './second-worker.ts';
import type { World } from './world.ts';

/** Lets a fault happen now. */
export const strike = (world: World, host: Host, fault: FaultKind): void => {
  const { trace, timeline, weather } = world;
  trace.note(timeline.now(), `!!! ${JSON.stringify(fault)}`);
  switch (fault.type) {
    case 'crash':
      host.crash('crash', fault.forMs, false);
      return;
    case 'powerCut':
      host.crash('power cut', fault.forMs, true);
      return;
    case 'crashAtCall':
      host.serving()?.calls.lieInWait({
        ...{ calls: fault.calls, after: fault.after },
        spring: () => host.crash(`crash ${fault.after ? 'after' : 'before'} a call`, fault.forMs, false),
      });
      return;
    case 'pause':
      host.serving()?.life.pause(fault.forMs);
      return;
    case 'partition':
      weather.partition(fault.port, fault.forMs);
      return;
    case 'clockJump':
      world.jumpClock(fault.byMs);
      return;
    case 'webhookChaos':
      world.provider.setWebhookChaos({ delayMs: fault.delayMs, copies: fault.copies, shuffle: fault.shuffle });
      return;
    case 'poison':
      poison(world);
      return;
    case 'secondWorker':
      startSecondWorker(world, host, fault.forMs);
      return;
    default:
      unreachable(fault);
  }
};
