import { unreachable } from '../../domain/unreachable.ts';
import type { DeadLetter, GenerationRef } from '../../infra/documents/sink.port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { begin, nextNumber } from './generations.ts';
import type { Lane, LaneRole } from './lane.ts';
import type { Log } from './log.ts';
import type { Order, StandingOrders } from './orders.ts';
import { lettersWith, parkedEvents } from './parked-events.ts';
import type { Source } from './source.ts';

/** What obeying an order may do with the lanes. Nothing here waits for a lane: it may itself be waiting for its turn. */
export type Lanes = {
  of(source: Source, role: LaneRole): Lane | undefined;
  withGeneration(source: Source, generation: number): Lane | undefined;
  start(source: Source, ref: GenerationRef, role: LaneRole, replaces?: Lane): Lane;
  /** The same generation once more, fed unless it is paused. */
  restart(lane: Lane): void;
  /** Ends its lane, if there is one, and drops the generation. @throws what the sink throws: then the order is given again */
  drop(source: Source, ref: GenerationRef): Promise<void>;
  /** Readers see it; the one they saw is kept. */
  switchTo(lane: Lane): Promise<void>;
};

type Surroundings = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly log: Log;
  readonly lanes: Lanes;
  readonly standing: StandingOrders;
};

/** Applies again what waits for the letter's document or stream, in log order, without what was discarded. */
const settle = async (lane: Lane, letter: DeadLetter, { store, codec }: Surroundings): Promise<void> => {
  const { source, ref } = lane.feed;
  const letters = await lettersWith(source.sink, ref, letter);
  await lane.feed.applyParked(letters, letter.documentId, await parkedEvents({ store, codec }, letters));
};

/**
 * Carries out one order between two live batches. An order that was carried out already is nothing: a crash before the
 * checkpoint gives it again.
 */
export const obey = async (order: Order, source: Source, surroundings: Surroundings): Promise<void> => {
  const { log, lanes, standing } = surroundings;
  const { projection } = order.data;
  const isStanding = standing.upTo !== undefined && order.position <= standing.upTo;
  switch (order.type) {
    case 'ProjectionRebuildRequested': {
      const known = await source.sink.generations(source.name);
      const begun = known.filter((each) => each.bornAt !== undefined && each.bornAt >= order.position);
      const replaces = lanes.of(source, 'building');
      // Another worker was faster: this one feeds it too, for the other may be gone before it is done.
      const theirs = begun.findLast(({ state }) => state === 'building' || state === 'live');
      if (theirs !== undefined && lanes.withGeneration(source, theirs.generation) === undefined)
        lanes.start(source, theirs, 'building', replaces);
      if (begun.length > 0) return;
      const generation = await begin(source, 'building', nextNumber(known, order.data.generation), order.position);
      lanes.start(source, generation, 'building', replaces);
      return log.info({ projection, generation: generation.generation }, 'rebuild begun');
    }
    case 'ProjectionPaused': {
      const { generation, what } = order.data;
      const lane = lanes.withGeneration(source, generation);
      if (isStanding || lane?.role !== (what === 'rebuild' ? 'building' : 'live')) return;
      standing.paused.set(projection, { generation, what });
      lanes.restart(lane);
      return log.info({ projection, generation }, 'paused');
    }
    case 'ProjectionResumed': {
      if (isStanding) return;
      standing.paused.delete(projection);
      for (const lane of [lanes.of(source, 'live'), lanes.of(source, 'building')])
        if (lane?.phase === 'paused' || lane?.phase === 'stopped') lanes.restart(lane);
      return log.info({ projection }, 'resumed');
    }
    case 'ProjectionRebuildCancelled': {
      // By what the sink has, not by the lanes: the lane is gone already when a drop failed and the order is given again.
      const build = (await source.sink.generations(source.name)).find(({ state }) => state === 'building');
      if (build === undefined) return;
      if (build.bornAt !== undefined && build.bornAt > order.position) return; // a later rebuild's
      standing.paused.delete(projection);
      await lanes.drop(source, build);
      return log.info({ projection, generation: build.generation }, 'rebuild cancelled');
    }
    case 'ProjectionRolledBack': {
      const lane = lanes.withGeneration(source, order.data.generation);
      const isMeant = lanes.of(source, 'live')?.feed.ref.generation === order.data.from;
      if (lane?.role !== 'retained' || !isMeant) return;
      await lanes.switchTo(lane);
      return log.info(lane.feed.ref, 'rolled back');
    }
    case 'ProjectionGenerationDropped': {
      const known = await source.sink.generations(source.name);
      const kept = known.find(({ generation }) => generation === order.data.generation);
      if (kept?.state !== 'retained') return;
      await lanes.drop(source, kept);
      return log.info({ projection, generation: kept.generation }, 'dropped');
    }
    case 'ProjectionSwitched': {
      const lane = lanes.withGeneration(source, order.data.generation);
      if (lane?.role !== 'building') return;
      const known = await source.sink.generations(source.name);
      const state = known.find(({ generation }) => generation === lane.feed.ref.generation)?.state;
      // By another worker, while this one's build was behind, or stood still.
      if (state === 'live') lanes.restart(lane);
      return;
    }
    case 'DeadLetterReplayRequested':
    case 'DeadLetterDiscarded': {
      if (order.type === 'DeadLetterDiscarded') standing.discards.add(order.data);
      const { generation, deadLetterId: id } = order.data;
      const lane = lanes.withGeneration(source, generation);
      const [letter] = await source.sink.deadLetters({ projection, generation, id, limit: 1 });
      if (lane === undefined || letter === undefined) return;
      if (lane.phase === 'stopped') {
        // A build that stopped at the event: it begins with it when it goes on.
        if (order.type === 'DeadLetterDiscarded') return source.sink.removeDeadLetters([id]);
        return lanes.restart(lane);
      }
      return settle(lane, letter, surroundings);
    }
    default:
      return unreachable(order);
  }
};
