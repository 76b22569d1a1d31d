import type { DeadLetterEvent } from '../../domain/dead-letter/events.ts';
import { fold } from '../../domain/decider.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { ProjectionControlEvent } from '../../domain/projection-control/events.ts';
import { type Pause, projectionControlDecider } from '../../domain/projection-control/projection-control.ts';
import type { Decoded, EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Log } from './log.ts';

/** What operators order of the workers. */
export type Order = Recorded<ProjectionControlEvent> | Recorded<DeadLetterEvent>;

/** The order that an event is. What can't be read is none: the projections that concern themselves with it park it. */
export const orderIn = (decoded: Decoded): Order | undefined => {
  if (!decoded.ok) return undefined;
  const { event } = decoded;
  switch (event.type) {
    case 'ProjectionRebuildRequested':
    case 'ProjectionPaused':
    case 'ProjectionResumed':
    case 'ProjectionRebuildCancelled':
    case 'ProjectionRolledBack':
    case 'ProjectionGenerationDropped':
    case 'ProjectionSwitched':
    case 'DeadLetterReplayRequested':
    case 'DeadLetterDiscarded':
      return event;
    default:
      return undefined;
  }
};

/** Events that every generation of a projection goes on without. */
export type Discards = {
  has(projection: string, eventId: string, documentId: string | null): boolean;
  add(data: { readonly projection: string; readonly eventId: string; readonly documentId: string | null }): void;
};

const discards = (): Discards => {
  const known = new Set<string>();
  const keyOf = (...parts: readonly (string | null)[]): string => JSON.stringify(parts);
  return {
    has: (projection, eventId, documentId) => known.size > 0 && known.has(keyOf(projection, eventId, documentId)),
    add: ({ projection, eventId, documentId }) => known.add(keyOf(projection, eventId, documentId)),
  };
};

/** What the log says when the engine starts: it outlives the read models. */
export type StandingOrders = {
  readonly paused: Map<string, Pause>;
  readonly discards: Discards;
  /** The last order that is in this; undefined: there is none. */
  readonly upTo: bigint | undefined;
};

/** All orders there are. */
export const ordersOf = async (store: EventStore, codec: EventCodec): Promise<StandingOrders> => {
  const controls = new Map<string, Recorded<ProjectionControlEvent>[]>();
  const found = { paused: new Map<string, Pause>(), discards: discards() };
  let upTo: bigint | undefined;
  for await (const page of store.readAll({ filter: { categories: ['projection', 'deadLetter'] } })) {
    upTo = page.at(-1)?.position ?? upTo;
    for (const order of (await codec.decode(page)).map(orderIn)) {
      if (order === undefined || order.type === 'DeadLetterReplayRequested') continue;
      if (order.type === 'DeadLetterDiscarded') found.discards.add(order.data);
      else controls.set(order.data.projection, [...(controls.get(order.data.projection) ?? []), order]);
    }
  }
  for (const [projection, orders] of controls) {
    const { paused } = fold(projectionControlDecider, orders);
    if (paused !== undefined) found.paused.set(projection, paused);
  }
  return { ...found, upTo };
};

const attempts = 8;

/** All orders there are, tried again and again. @throws what the store throws, when it throws again and again: without them nothing may start */
export const standingOrders = async (store: EventStore, codec: EventCodec, log: Log): Promise<StandingOrders> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ordersOf(store, codec);
    } catch (error) {
      if (attempt === attempts) throw error;
      log.warn({ error }, 'the orders of the operators could not be read');
    }
  }
};
