import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { ReservationEvent } from './events.ts';
import { nameIsFree, reservationDecider } from './reservation.ts';

const ada = '0190a1b2-0000-7000-8000-000000000001';
const bob = '0190a1b2-0000-7000-8000-000000000002';
const noon = '2026-03-01T12:00:00.000Z';
const ten = '2026-03-01T12:10:00.000Z';
const later = '2026-03-01T12:10:00.001Z';
const evening = '2026-03-01T18:00:00.000Z';

const held = (holderId = ada, until = ten): ReservationEvent => ({ type: 'NameHeld', data: { holderId, until } });
const confirmed: ReservationEvent = { type: 'NameConfirmed', data: { holderId: ada } };
const released: ReservationEvent = { type: 'NameReleased', data: { holderId: ada } };
const address = (...history: ReservationEvent[]) => given(reservationDecider('email'), ...history);
const slug = (...history: ReservationEvent[]) => given(reservationDecider('productSlug'), ...history);
const hold = (holderId: string, now = noon, until = ten) => ({ type: 'HoldName', holderId, now, until }) as const;
const confirm = (holderId: string) => ({ type: 'ConfirmName', holderId }) as const;
const release = (holderId: string) => ({ type: 'ReleaseName', holderId }) as const;

describe('holding a name', () => {
  it('that is free', () => address().when(hold(ada)).then(held()));
  it('that was released', () => address(held(), confirmed, released).when(hold(bob)).then(held(bob)));
  it('twice is nothing', () => address(held()).when(hold(ada)).thenNothing());
  it('after it was confirmed to oneself is nothing', () => address(held(), confirmed).when(hold(ada)).thenNothing());
  it('of another is refused until its hold has run out', () => {
    address(held())
      .when(hold(bob, ten, evening))
      .thenRefused('EMAIL_TAKEN');
    address(held())
      .when(hold(bob, later, evening))
      .then(held(bob, evening));
  });
  it('of one’s own that has run out holds it anew', () =>
    address(held())
      .when(hold(ada, later, evening))
      .then(held(ada, evening)));
  it('that is confirmed to another is refused for ever', () =>
    address(held(), confirmed)
      .when(hold(bob, evening, evening))
      .thenRefused('EMAIL_TAKEN'));
});

describe('confirming a name', () => {
  it('is its holder’s, also after the time when nobody took over', () =>
    address(held()).when(confirm(ada)).then(confirmed));
  it('twice is nothing', () => address(held(), confirmed).when(confirm(ada)).thenNothing());
  it('of another is refused', () => address(held()).when(confirm(bob)).thenRefused('EMAIL_TAKEN'));
  it('that was taken over is refused', () =>
    address(held(), held(bob, evening)).when(confirm(ada)).thenRefused('EMAIL_TAKEN'));
  it('that nobody holds is refused', () => address().when(confirm(ada)).thenRefused('EMAIL_TAKEN'));
});

describe('releasing a name', () => {
  it('is its holder’s, held or confirmed', () => {
    address(held()).when(release(ada)).then(released);
    address(held(), confirmed).when(release(ada)).then(released);
  });
  it('that is free, or another’s by now, is nothing', () => {
    address(held(), released).when(release(ada)).thenNothing();
    address(held(), released, held(bob)).when(release(ada)).thenNothing();
  });
});

describe('a slug', () => {
  it('that is taken says so by its own code', () => {
    slug(held()).when(hold(bob)).thenRefused('PRODUCT_STATE');
    given(reservationDecider('vendorSlug'), held()).when(confirm(bob)).thenRefused('PRODUCT_STATE');
  });
  it('is never released', () => slug(held(), confirmed).when(release(ada)).thenRefused('PRODUCT_STATE'));
  it('can be asked for before it is held', () => {
    expect(nameIsFree(slug().state(), bob, noon)).toBe(true);
    expect(nameIsFree(slug(held()).state(), bob, noon)).toBe(false);
    expect(nameIsFree(slug(held()).state(), bob, later)).toBe(true);
    expect(nameIsFree(slug(held(), confirmed).state(), ada, noon)).toBe(true);
    expect(nameIsFree(slug(held(), confirmed).state(), bob, evening)).toBe(false);
  });
});

it('an impossible event changes nothing', () => {
  expect(address(confirmed, released).state()).toEqual({ status: 'free' });
  expect(address(held(), confirmed, held(bob)).state()).toEqual({ status: 'confirmed', holderId: ada });
  expect(address(held(bob), confirmed, released).state()).toMatchObject({ status: 'held', holderId: bob });
});
