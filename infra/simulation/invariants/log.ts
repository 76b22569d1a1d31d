import type { DomainEvent } from '../../../domain/catalogue.ts';
import { couponDecider } from '../../../domain/coupon/decide.ts';
import { couponUses } from '../../../domain/coupon/state.ts';
import type { Decider } from '../../../domain/decider.ts';
import type { Recorded } from '../../../domain/event/recorded.ts';
import { valuesIn } from '../../../domain/keyed.ts';
import { licenseDecider } from '../../../domain/license/license.ts';
import { stockDecider } from '../../../domain/stock/decide.ts';
import { vendorAccountDecider } from '../../../domain/vendor-account/decide.ts';
import { balancesOf } from '../../../domain/vendor-account/state.ts';
import { categoryOf, type StoredEvent } from '../../event-store/port.ts';
import type { Acknowledged } from '../actors/client.ts';
import { emailOf } from '../actors/client.ts';
import { Broken } from '../broken.ts';

/** The states that a stream went through, one after each event. */
const statesOf = <C, S, E extends DomainEvent>(
  decider: Decider<C, S, E>,
  events: readonly Recorded<DomainEvent>[],
): readonly S[] => {
  let state = decider.initial;
  // The stream's category is the decider's, so its events are.
  return events.map((event) => {
    state = decider.evolve(state, event as Recorded<DomainEvent> & E);
    return state;
  });
};

/** Whatever was acknowledged is in the log at the place that was named, and nothing is there twice. */
export const checkAcknowledged = (log: readonly StoredEvent[], acknowledged: readonly Acknowledged[]): void => {
  const ids = new Set<string>();
  for (const { id, stream, revision } of log) {
    if (ids.has(id)) throw new Broken('every event once', `${stream}@${revision} has the id ${id} of another event`);
    ids.add(id);
  }
  const places = new Map(log.map(({ stream, revision, position }) => [`${stream}@${revision}`, String(position)]));
  for (const { what, key, stream, revision, position } of acknowledged) {
    const found = places.get(`${stream}@${revision}`);
    if (found !== position)
      throw new Broken(
        'what was acknowledged is in the log',
        `${what} ${key}: ${stream}@${revision} at ${position}, the log has ${found}`,
      );
  }
};

/** Limits hold at every moment, not only at the end. */
export const checkLimits = (log: readonly Recorded<DomainEvent>[]): void => {
  const streams = Map.groupBy(log, ({ stream }) => stream);
  const broken = (stream: string, detail: string): never => {
    throw new Broken('limits are never overshot', `${stream}: ${detail}`);
  };
  for (const [stream, events] of streams) {
    switch (categoryOf(stream)) {
      case 'coupon':
        for (const state of statesOf(couponDecider, events)) {
          const { held, confirmed } = couponUses(state);
          const most = state.status === 'none' ? undefined : state.terms.maxRedemptions;
          if (most !== undefined && held + confirmed > most)
            broken(stream, `${held} held, ${confirmed} used of ${most}`);
        }
        break;
      case 'stock':
        for (const state of statesOf(stockDecider, events)) {
          if (state.status === 'none') continue;
          const taken = [...valuesIn(state.holds)].reduce(
            (sum, hold) => sum + (hold.state === 'released' ? 0 : hold.quantity),
            0,
          );
          if (taken > state.quantity) broken(stream, `${taken} taken of ${state.quantity}`);
        }
        break;
      case 'license':
        for (const state of statesOf(licenseDecider, events)) {
          if (state.status === 'none') continue;
          const machines = state.activations.length;
          if (machines > state.activationLimit) broken(stream, `${machines} machines of ${state.activationLimit}`);
        }
        break;
      case 'vendorAccount':
        for (const [n, state] of statesOf(vendorAccountDecider, events).entries())
          for (const { available } of balancesOf(state))
            if (events[n]?.type === 'PayoutReserved' && available < 0)
              broken(stream, `a payout leaves ${available}: more than was earned`);
        break;
      default:
    }
  }
};

/** Nothing personal ever stands in the log in clear. */
export const checkSealed = (log: readonly StoredEvent[], names: readonly string[]): void => {
  const wanted = names.flatMap((name) => [emailOf(name), `${name} of the market`]).map((text) => Buffer.from(text));
  for (const { stream, revision, data, metadata } of log) {
    const bytes = Buffer.concat([data, metadata]);
    const found = wanted.find((text) => bytes.includes(text));
    if (found !== undefined) throw new Broken('personal data is sealed', `${stream}@${revision} holds ${found}`);
  }
};
