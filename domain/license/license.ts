import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { ERASED } from '../event/definition.ts';
import { unreachable } from '../unreachable.ts';
import type { LicenseEvent } from './events.ts';

export type Activation = { readonly machine: string; readonly name?: string | undefined };
export type LicenseFacts = {
  readonly licenseId: string;
  readonly keyHash: string;
  readonly orderId: string;
  readonly lineId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly ownerId: string;
  readonly title: string;
  readonly tierId: string;
  readonly activationLimit: number;
  /** RFC 3339, UTC, milliseconds; absent: no end. */
  readonly expiresAt?: string | undefined;
  readonly activations: readonly Activation[];
};
/** Expiry is no event: `stateAt` tells it from the time. */
export type License =
  | { readonly status: 'none' }
  | (LicenseFacts & { readonly status: 'active' | 'suspended' | 'revoked' });
export type IssuedLicense = Exclude<License, { status: 'none' }>;
export type LicenseState = 'active' | 'suspended' | 'revoked' | 'expired';

export type LicenseCommand =
  | ({ readonly type: 'IssueLicense'; readonly expiresAt?: string } & Omit<LicenseFacts, 'activations' | 'expiresAt'>)
  | { readonly type: 'ActivateMachine'; readonly machine: string; readonly name?: string; readonly now: string }
  | { readonly type: 'DeactivateMachine'; readonly machine: string }
  | { readonly type: 'SuspendLicense'; readonly reason: string }
  | { readonly type: 'RestoreLicense'; readonly reason: string }
  | { readonly type: 'RevokeLicense'; readonly reason: string };

/** The licence's state at `now` (RFC 3339, UTC, milliseconds). It has expired from `expiresAt` on. */
export const stateAt = (license: IssuedLicense, now: string): LicenseState =>
  license.status === 'active' && license.expiresAt !== undefined && license.expiresAt <= now
    ? 'expired'
    : license.status;

const has = (license: IssuedLicense, machine: string): boolean =>
  license.activations.some((activation) => activation.machine === machine);

const activate = (
  { machine, name, now }: Extract<LicenseCommand, { type: 'ActivateMachine' }>,
  license: IssuedLicense,
): readonly LicenseEvent[] => {
  const state = stateAt(license, now);
  if (state !== 'active') throw domainError('LICENSE_STATE', `The licence is ${state}`);
  if (has(license, machine)) return [];
  if (license.activations.length >= license.activationLimit) throw domainError('ACTIVATION_LIMIT');
  const data = { licenseId: license.licenseId, ownerId: license.ownerId, machine };
  return [{ type: 'LicenseActivated', data: name === undefined ? data : { ...data, name } }];
};

const decide = (command: LicenseCommand, license: License): readonly LicenseEvent[] => {
  if (command.type === 'IssueLicense') {
    const { type: _, ...data } = command;
    if (license.status === 'none') return [{ type: 'LicenseIssued', data }];
    if (license.orderId === data.orderId && license.lineId === data.lineId) return [];
    throw domainError('LICENSE_STATE', 'The licence was issued for another order');
  }
  if (license.status === 'none') throw domainError('NOT_FOUND');
  const { licenseId, ownerId } = license;
  switch (command.type) {
    case 'ActivateMachine':
      return activate(command, license);
    case 'DeactivateMachine': {
      const { machine } = command;
      return has(license, machine) ? [{ type: 'LicenseDeactivated', data: { licenseId, ownerId, machine } }] : [];
    }
    case 'SuspendLicense':
      if (license.status !== 'active') return [];
      return [{ type: 'LicenseSuspended', data: { licenseId, reason: command.reason } }];
    case 'RestoreLicense':
      if (license.status !== 'suspended') return [];
      return [{ type: 'LicenseRestored', data: { licenseId, reason: command.reason } }];
    case 'RevokeLicense':
      if (license.status === 'revoked') return [];
      return [{ type: 'LicenseRevoked', data: { licenseId, reason: command.reason } }];
    default:
      return unreachable(command);
  }
};

/** Erased machines can't be told apart any more, but each still takes its place under the limit. */
const withActivation = (license: IssuedLicense, activation: Activation): License =>
  has(license, activation.machine) && activation.machine !== ERASED
    ? license
    : { ...license, activations: [...license.activations, activation] };

const withoutActivation = (license: IssuedLicense, machine: string): License => {
  const at = license.activations.findIndex((activation) => activation.machine === machine);
  return at < 0 ? license : { ...license, activations: license.activations.toSpliced(at, 1) };
};

const evolve = (license: License, event: LicenseEvent): License => {
  if (event.type === 'LicenseIssued')
    return license.status === 'none' ? { status: 'active', ...event.data, activations: [] } : license;
  if (license.status === 'none') return license;
  switch (event.type) {
    case 'LicenseActivated': {
      const { machine, name } = event.data;
      return withActivation(license, name === undefined ? { machine } : { machine, name });
    }
    case 'LicenseDeactivated':
      return withoutActivation(license, event.data.machine);
    case 'LicenseSuspended':
      return license.status === 'active' ? { ...license, status: 'suspended' } : license;
    case 'LicenseRestored':
      return license.status === 'suspended' ? { ...license, status: 'active' } : license;
    case 'LicenseRevoked':
      return { ...license, status: 'revoked' };
    default:
      return unreachable(event);
  }
};

/**
 * Streams `license-<licenseId>`. Suspend, restore and revoke come from sagas, late or twice: what can't apply any more is
 * nothing, never a refusal, and revoked is final. A machine may be taken off in every state.
 */
export const licenseDecider: Decider<LicenseCommand, License, LicenseEvent> = {
  category: 'license',
  initial: { status: 'none' },
  decide,
  evolve,
};
