import { DomainError, domainError } from '../../domain/errors.ts';
import { nameIsFree, type ReservationCategory, reservationDecider } from '../../domain/reservation/reservation.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { type CommandContext, stepOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';

/** A thing that was not made within this time gives its name free again. */
const holdMs = 60_000;
/** What the thing's own append may still take (the handler's deadline, twice): no name is used closer to its end. */
const marginMs = 10_000;

export type UniqueName = {
  readonly category: ReservationCategory;
  readonly name: string;
  /** Id of the thing that is to have the name. */
  readonly holderId: string;
  /** Whether another holder's thing was made with this name: then a crash came before its confirmation. */
  readonly isUsedBy: (holderId: string) => Promise<boolean>;
};

/** `runsOutAt` in milliseconds since the Unix epoch. */
export type Hold = { readonly runsOutAt: number };

type Deps = { readonly handling: Handling; readonly clock: Clock };

const rfc3339 = (ms: number): string => new Date(ms).toISOString();

/**
 * Holds a name for a minute; undefined when it is another's. One's own is held again. A name whose hold has run out is
 * confirmed for its holder when that one's thing exists, and taken over when it does not.
 * What was looked at and what is decided on are the same revision, so nobody confirms or holds it in between.
 */
export const holdName = async (deps: Deps, wanted: UniqueName, context: CommandContext): Promise<Hold | undefined> => {
  const { handling, clock } = deps;
  const { category, name, holderId } = wanted;
  const decider = reservationDecider(category);
  for (;;) {
    const { state, revision } = await handling.load(decider, name);
    const now = clock.now();
    if (!nameIsFree(state, holderId, rfc3339(now))) return undefined;
    if (state.status === 'held' && state.holderId !== holderId && (await wanted.isUsedBy(state.holderId))) {
      const step = { ...stepOf(context, 'confirm for its holder'), actorId: 'system', actorRole: 'system' };
      await handling.handle(decider, name, { type: 'ConfirmName', holderId: state.holderId }, step);
      return undefined;
    }
    const hold = { type: 'HoldName', holderId, now: rfc3339(now), until: rfc3339(now + holdMs) } as const;
    try {
      // The step names the revision: a repeat after the hold ran out is another hold.
      const step = stepOf(context, `hold after ${revision}`);
      const held = (await handling.handle(decider, name, hold, step, { ifRevision: revision })).state;
      return { runsOutAt: held.status === 'held' ? Date.parse(held.until) : Number.POSITIVE_INFINITY };
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'REVISION_MISMATCH')) throw error;
    }
  }
};

/** Call right before the thing is made. @throws DomainError CONTENTION when the name may be somebody else's by then */
export const assertHeld = (clock: Clock, hold: Hold): void => {
  if (clock.now() + marginMs > hold.runsOutAt) throw domainError('CONTENTION', 'It took too long; try again.');
};

/** The thing is made: the name is its own for good. @throws DomainError the category's refusal when it was taken over */
export const confirmName = async (
  deps: Deps,
  { category, name, holderId }: Omit<UniqueName, 'isUsedBy'>,
  context: CommandContext,
): Promise<void> => {
  const command = { type: 'ConfirmName', holderId } as const;
  await deps.handling.handle(reservationDecider(category), name, command, stepOf(context, 'confirm'));
};
