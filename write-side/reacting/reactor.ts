import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';

/** One thing that may owe something: `checkout` of an order id, `payout` of a payout id, … */
export type Task = { readonly process: string; readonly key: string };

/**
 * A process manager without state of its own: what is owed follows from the streams. `drive` does what the thing owes now
 * and returns; run again it finds what is left. It throws when something could not be done: it is driven again later.
 */
export type Reactor = {
  readonly process: string;
  /** The things an event may have made owe something. */
  readonly concerns: (event: Recorded<DomainEvent>) => readonly string[];
  readonly drive: (key: string) => Promise<void>;
};

/** The durable list of what is owed, and when: a read model (the saga desk), read by time. */
export type Desk = {
  /** Tasks whose time has come by `now` (ms), longest due first. */
  due(now: number, limit: number): Promise<readonly Task[]>;
  /** A thing that owes something, by its place on the desk. */
  get(id: string): Promise<Task | undefined>;
};
