import type { DomainEvent } from '../domain/catalogue.ts';
import type { Decider } from '../domain/decider.ts';
import type { EventCodec } from '../infra/event-codec/port.ts';
import type { EventStore } from '../infra/event-store/port.ts';

export type LogReader = { readonly store: EventStore; readonly codec: EventCodec };

/**
 * The state of `<category>-<id>` as its own rules see it, for answers that no read model holds.
 * @throws Error when an event of the stream can't be read
 */
export const stateFromLog = async <C, S, E extends DomainEvent>(
  { store, codec }: LogReader,
  decider: Decider<C, S, E>,
  id: string,
): Promise<S> => {
  let state = decider.initial;
  for await (const batch of store.readStream(`${decider.category}-${id}`)) {
    for (const decoded of await codec.decode(batch)) {
      if (!decoded.ok) throw new Error(`${decoded.stored.stream}: ${decoded.reason}`);
      // The codec lets only the category's own events through.
      state = decider.evolve(state, decoded.event as DomainEvent as E);
    }
  }
  return state;
};
