import type { Decider } from '../decider.ts';
import { domainError, type ErrorCode } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { ReservationEvent } from './events.ts';

export type Reservation =
  | { readonly status: 'free' }
  | { readonly status: 'held'; readonly holderId: string; readonly until: string }
  | { readonly status: 'confirmed'; readonly holderId: string };

/** `now` and `until` are RFC 3339, UTC, milliseconds. */
export type ReservationCommand =
  | { readonly type: 'HoldName'; readonly holderId: string; readonly now: string; readonly until: string }
  | { readonly type: 'ConfirmName'; readonly holderId: string }
  | { readonly type: 'ReleaseName'; readonly holderId: string };

export type ReservationCategory = 'email' | 'vendorSlug' | 'productSlug';

const taken: Readonly<Record<ReservationCategory, ErrorCode>> = {
  email: 'EMAIL_TAKEN',
  vendorSlug: 'PRODUCT_STATE',
  productSlug: 'PRODUCT_STATE',
};

/** Whether HoldName by this holder would be accepted: it is free, theirs, or another's hold has run out. */
export const nameIsFree = (name: Reservation, holderId: string, now: string): boolean =>
  name.status === 'free' || name.holderId === holderId || (name.status === 'held' && name.until < now);

const decider = (category: ReservationCategory): Decider<ReservationCommand, Reservation, ReservationEvent> => ({
  category,
  initial: { status: 'free' },
  decide: (command, name) => {
    switch (command.type) {
      case 'HoldName': {
        const { holderId, until, now } = command;
        if (!nameIsFree(name, holderId, now)) throw domainError(taken[category]);
        // One's own hold that has run out is held anew: until then anybody may take it over.
        const stands = name.status === 'confirmed' || (name.status === 'held' && name.until >= now);
        return stands ? [] : [{ type: 'NameHeld', data: { holderId, until } }];
      }
      case 'ConfirmName': {
        if (name.status === 'free' || name.holderId !== command.holderId) throw domainError(taken[category]);
        return name.status === 'confirmed' ? [] : [{ type: 'NameConfirmed', data: { holderId: name.holderId } }];
      }
      case 'ReleaseName': {
        if (category !== 'email') throw domainError(taken[category], 'A slug is never given away again');
        if (name.status === 'free' || name.holderId !== command.holderId) return [];
        return [{ type: 'NameReleased', data: { holderId: name.holderId } }];
      }
      default:
        return unreachable(command);
    }
  },
  evolve: (name, event) => {
    switch (event.type) {
      case 'NameHeld':
        return name.status === 'confirmed'
          ? name
          : { status: 'held', holderId: event.data.holderId, until: event.data.until };
      case 'NameConfirmed':
        return name.status === 'held' && name.holderId === event.data.holderId
          ? { status: 'confirmed', holderId: name.holderId }
          : name;
      case 'NameReleased':
        return name.status !== 'free' && name.holderId === event.data.holderId ? { status: 'free' } : name;
      default:
        return unreachable(event);
    }
  },
});

const deciders = {
  email: decider('email'),
  vendorSlug: decider('vendorSlug'),
  productSlug: decider('productSlug'),
} satisfies Record<ReservationCategory, unknown>;

/**
 * Rules of one kind of unique name: held, then confirmed by its holder. A taken address is refused with EMAIL_TAKEN; a
 * taken slug with PRODUCT_STATE, which a slug chooser never sees when it asks `nameIsFree` and tries the next suffix.
 * To release what one does not hold is nothing, so a redelivery can't take it from the next holder.
 */
export const reservationDecider = (
  category: ReservationCategory,
): Decider<ReservationCommand, Reservation, ReservationEvent> => deciders[category];
