import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { ERASED } from '../event/definition.ts';
import { given } from '../given.ts';
import type { LicenseEvent } from './events.ts';
import { type LicenseCommand, licenseDecider, stateAt } from './license.ts';
import { validate } from './validate.ts';

const licenseId = '0190a1b2-0000-7000-8000-0000000000c1';
const ownerId = '0190a1b2-0000-7000-8000-000000000001';
const productId = '0190a1b2-0000-7000-8000-0000000000b1';
const before = '2026-03-01T11:59:59.999Z';
const end = '2026-03-01T12:00:00.000Z';
const data = {
  licenseId,
  keyHash: 'k1',
  orderId: '0190a1b2-0000-7000-8000-0000000000d1',
  lineId: '0190a1b2-0000-7000-8000-0000000000e1',
  productId,
  vendorId: '0190a1b2-0000-7000-8000-0000000000a1',
  ownerId,
  title: 'Invoice sorter',
  tierId: 'standard',
  activationLimit: 2,
};
const reason = 'dispute';
const issued: LicenseEvent = { type: 'LicenseIssued', data };
const issuedUntilNoon: LicenseEvent = { type: 'LicenseIssued', data: { ...data, expiresAt: end } };
const activated = (machine: string): LicenseEvent => ({
  type: 'LicenseActivated',
  data: { licenseId, ownerId, machine },
});
const deactivated = (machine: string): LicenseEvent => ({
  type: 'LicenseDeactivated',
  data: { licenseId, ownerId, machine },
});
const suspended: LicenseEvent = { type: 'LicenseSuspended', data: { licenseId, reason } };
const restored: LicenseEvent = { type: 'LicenseRestored', data: { licenseId, reason } };
const revoked: LicenseEvent = { type: 'LicenseRevoked', data: { licenseId, reason } };
const license = (...history: LicenseEvent[]) => given(licenseDecider, ...history);

const issue = { type: 'IssueLicense', ...data } as const;
const activate = (machine: string, now = before) => ({ type: 'ActivateMachine', machine, now }) as const;
const deactivate = (machine: string) => ({ type: 'DeactivateMachine', machine }) as const;
const suspend = { type: 'SuspendLicense', reason } as const;
const restore = { type: 'RestoreLicense', reason } as const;
const revoke = { type: 'RevokeLicense', reason } as const;

describe('issuing', () => {
  it('makes an active licence', () => license().when(issue).then(issued));
  it('for the same line again is nothing', () => license(issued).when(issue).thenNothing());
  it('for another line is refused', () =>
    license(issued)
      .when({ ...issue, lineId: ownerId })
      .thenRefused('LICENSE_STATE'));
});

describe('activating a machine', () => {
  it('takes a place', () => license(issued).when(activate('m1')).then(activated('m1')));
  it('keeps its name', () =>
    license(issued)
      .when({ ...activate('m1'), name: 'Laptop' })
      .then({ type: 'LicenseActivated', data: { licenseId, ownerId, machine: 'm1', name: 'Laptop' } }));
  it('again is no second one, also at the limit', () =>
    license(issued, activated('m1'), activated('m2')).when(activate('m1')).thenNothing());
  it('beyond the limit is refused', () =>
    license(issued, activated('m1'), activated('m2')).when(activate('m3')).thenRefused('ACTIVATION_LIMIT'));
  it('is possible again after another was taken off', () =>
    license(issued, activated('m1'), activated('m2'), deactivated('m1')).when(activate('m3')).then(activated('m3')));
  it.each([
    ['suspended', [issued, suspended]],
    ['revoked', [issued, revoked]],
  ])('of a %s licence is refused', (_, history) =>
    license(...history)
      .when(activate('m1'))
      .thenRefused('LICENSE_STATE'),
  );
  it('is refused from the end on', () => {
    license(issuedUntilNoon).when(activate('m1', before)).then(activated('m1'));
    license(issuedUntilNoon).when(activate('m1', end)).thenRefused('LICENSE_STATE');
  });
});

describe('taking a machine off', () => {
  it('frees its place', () => license(issued, activated('m1')).when(deactivate('m1')).then(deactivated('m1')));
  it('works in every state', () =>
    license(issued, activated('m1'), revoked).when(deactivate('m1')).then(deactivated('m1')));
  it('that is not on is nothing', () => license(issued).when(deactivate('m1')).thenNothing());
});

describe('what sagas order', () => {
  it('suspend', () => license(issued).when(suspend).then(suspended));
  it('suspend twice, or after the revocation, is nothing', () => {
    license(issued, suspended).when(suspend).thenNothing();
    license(issued, revoked).when(suspend).thenNothing();
  });
  it('restore', () => {
    license(issued, suspended).when(restore).then(restored);
    expect(license(issued, activated('m1'), suspended, restored).state()).toEqual(
      license(issued, activated('m1')).state(),
    );
  });
  it('restore of what is active, or revoked, is nothing', () => {
    license(issued).when(restore).thenNothing();
    license(issued, revoked).when(restore).thenNothing();
  });
  it('revoke, also while suspended', () => {
    license(issued).when(revoke).then(revoked);
    license(issued, suspended).when(revoke).then(revoked);
  });
  it('revoke twice is nothing', () => license(issued, revoked).when(revoke).thenNothing());
});

it.each([activate('m1'), deactivate('m1'), suspend, restore, revoke])('$type of no licence is refused', (command) =>
  license().when(command).thenRefused('NOT_FOUND'),
);

describe('the state at a time', () => {
  const at = (now: string, ...history: LicenseEvent[]) => {
    const state = license(...history).state();
    if (state.status === 'none') throw new Error('no licence');
    return stateAt(state, now);
  };
  it('is active until the end, expired from then on', () =>
    expect([at(before, issuedUntilNoon), at(end, issuedUntilNoon)]).toEqual(['active', 'expired']));
  it('without an end never expires', () => expect(at('2999-01-01T00:00:00.000Z', issued)).toBe('active'));
  it('suspended and revoked say so, also after the end', () =>
    expect([at(end, issuedUntilNoon, suspended), at(end, issuedUntilNoon, revoked)]).toEqual(['suspended', 'revoked']));
});

describe('validating', () => {
  const code = (history: LicenseEvent[], asked: { productId?: string; machine?: string; now?: string } = {}) => {
    const answer = validate(license(...history).state(), { productId, now: before, ...asked });
    expect(answer.valid).toBe(answer.code === 'VALID');
    return answer.code;
  };
  it('VALID without a machine, activated or not', () => expect(code([issued])).toBe('VALID'));
  it('VALID on an activated machine', () => expect(code([issued, activated('m1')], { machine: 'm1' })).toBe('VALID'));
  it('NOT_ACTIVATED on any other', () =>
    expect(code([issued, activated('m1')], { machine: 'm2' })).toBe('NOT_ACTIVATED'));
  it('NOT_FOUND', () => expect(code([])).toBe('NOT_FOUND'));
  it('WRONG_PRODUCT before anything of its state', () =>
    expect(code([issued, revoked], { productId: ownerId })).toBe('WRONG_PRODUCT'));
  it('SUSPENDED', () => expect(code([issued, suspended])).toBe('SUSPENDED'));
  it('REVOKED', () => expect(code([issued, revoked])).toBe('REVOKED'));
  it('EXPIRED', () => expect(code([issuedUntilNoon], { now: end })).toBe('EXPIRED'));
});

it('an impossible event changes nothing', () => {
  expect(license(activated('m1'), revoked).state()).toEqual({ status: 'none' });
  const state = license(issued, activated('m1')).state();
  expect(license(issued, activated('m1'), activated('m1'), deactivated('m2'), restored, issued).state()).toEqual(state);
  expect(license(issued, revoked, suspended, restored).state().status).toBe('revoked');
});

it('erased machines still count, one each', () =>
  license(issued, activated(ERASED), activated(ERASED)).when(activate('m1')).thenRefused('ACTIVATION_LIMIT'));

describe('under any sequence of commands', () => {
  const machine = fc.constantFrom('m1', 'm2', 'm3', 'm4', 'm5');
  const now = fc.constantFrom(before, end);
  const command: fc.Arbitrary<LicenseCommand> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(machine, now).map(([m, n]) => activate(m, n)) },
    { weight: 3, arbitrary: machine.map(deactivate) },
    fc.constantFrom<LicenseCommand>(suspend, restore, revoke, issue),
  );
  it('never more machines than the limit, never one twice, and revoked stays revoked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(command, { maxLength: 60 }), (activationLimit, commands) => {
        const events: LicenseEvent[] = [{ type: 'LicenseIssued', data: { ...data, activationLimit, expiresAt: end } }];
        let wasRevoked = false;
        for (const next of commands) {
          try {
            events.push(...licenseDecider.decide(next, fold(licenseDecider, events)));
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
          const state = fold(licenseDecider, events);
          if (state.status === 'none') throw new Error('the licence is gone');
          expect(state.activations.length).toBeLessThanOrEqual(activationLimit);
          expect(new Set(state.activations.map((a) => a.machine)).size).toBe(state.activations.length);
          expect(wasRevoked && state.status !== 'revoked').toBe(false);
          wasRevoked = state.status === 'revoked';
        }
      }),
    );
  });
});
