import { unreachable } from '../../../domain/unreachable.ts';
import type { FaultKind } from '../plan.ts';
import type { Host } from './host.ts';
import type { World } from './world.ts';

/** Lets a fault happen now. */
export const strike = (world: World, host: Host, fault: FaultKind): void => {
  const { trace, timeline, weather } = world;
  trace.note(timeline.now(), `!!! ${JSON.stringify(fault)}`);
  switch (fault.type) {
    case 'crash':
      return host.crash('crash', fault.forMs, false);
    case 'powerCut':
      return host.crash('power cut', fault.forMs, true);
    case 'crashAtCall':
      return host.serving()?.calls.lieInWait({
        ...{ calls: fault.calls, after: fault.after },
        spring: () => host.crash(`crash ${fault.after ? 'after' : 'before'} a call`, fault.forMs, false),
      });
    case 'pause':
      return host.serving()?.life.pause(fault.forMs);
    case 'partition':
      return weather.partition(fault.port, fault.forMs);
    case 'clockJump':
      return world.jumpClock(fault.byMs);
    case 'webhookChaos': {
      const { delayMs, copies, shuffle } = fault;
      return world.provider.setWebhookChaos({ delayMs, copies, shuffle });
    }
    case 'poison':
    case 'secondWorker':
      return;
    default:
      return unreachable(fault);
  }
};
