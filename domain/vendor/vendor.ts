import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { VendorEvent } from './events.ts';

export type Vendor =
  | { readonly status: 'none' }
  | {
      readonly status: 'pending' | 'approved' | 'suspended';
      readonly vendorId: string;
      readonly ownerId: string;
      readonly slug: string;
      readonly displayName: string;
      readonly country: string;
      readonly defaultCurrency: string;
      /** The payment provider's token; absent until the vendor sets it. */
      readonly payoutAccount?: string;
    };
export type VendorStatus = Vendor['status'];

export type VendorCommand =
  | {
      readonly type: 'RegisterVendor';
      readonly vendorId: string;
      readonly ownerId: string;
      readonly slug: string;
      readonly displayName: string;
      readonly country: string;
      readonly defaultCurrency: string;
    }
  | { readonly type: 'ApproveVendor'; readonly reason?: string }
  | { readonly type: 'SuspendVendor'; readonly reason?: string }
  | { readonly type: 'ReinstateVendor'; readonly reason?: string }
  | { readonly type: 'SetPayoutAccount'; readonly account: string }
  | { readonly type: 'ReviseVendor'; readonly changes: VendorChanges };

export type VendorChanges = Extract<VendorEvent, { type: 'VendorRevised' }>['data']['changes'];

const move = {
  ApproveVendor: { from: 'pending', to: 'approved', event: 'VendorApproved' },
  SuspendVendor: { from: 'approved', to: 'suspended', event: 'VendorSuspended' },
  ReinstateVendor: { from: 'suspended', to: 'approved', event: 'VendorReinstated' },
} as const;

const checkName = (displayName: string): string => {
  const name = displayName.trim();
  if (name.length >= 1 && name.length <= 120) return name;
  const message = 'must have 1 to 120 characters';
  throw domainError('INVALID_INPUT', undefined, { errors: [{ path: 'displayName', message }] });
};

/** What of the changes is none is left out. */
const revise = (
  { displayName, country, defaultCurrency }: VendorChanges,
  vendor: Exclude<Vendor, { status: 'none' }>,
): VendorEvent[] => {
  const name = displayName === undefined ? vendor.displayName : checkName(displayName);
  const changes = {
    ...(name === vendor.displayName ? {} : { displayName: name }),
    ...(country === undefined || country === vendor.country ? {} : { country }),
    ...(defaultCurrency === undefined || defaultCurrency === vendor.defaultCurrency ? {} : { defaultCurrency }),
  };
  if (Object.keys(changes).length === 0) return [];
  return [{ type: 'VendorRevised', data: { vendorId: vendor.vendorId, changes } }];
};

const decide = (command: VendorCommand, vendor: Vendor): readonly VendorEvent[] => {
  if (command.type === 'RegisterVendor') {
    const { type: _, ...data } = command;
    if (vendor.status === 'none') {
      return [{ type: 'VendorRegistered', data: { ...data, displayName: checkName(data.displayName) } }];
    }
    if (vendor.vendorId === data.vendorId && vendor.ownerId === data.ownerId) return [];
    throw domainError('VENDOR_EXISTS');
  }
  if (vendor.status === 'none') throw domainError('NOT_FOUND');
  const { vendorId } = vendor;
  switch (command.type) {
    case 'ApproveVendor':
    case 'SuspendVendor':
    case 'ReinstateVendor': {
      const { from, to, event } = move[command.type];
      if (vendor.status === to) return [];
      if (vendor.status !== from) throw domainError('VENDOR_STATE', `The vendor is ${vendor.status}`);
      return [
        { type: event, data: command.reason === undefined ? { vendorId } : { vendorId, reason: command.reason } },
      ];
    }
    case 'SetPayoutAccount':
      if (vendor.payoutAccount === command.account) return [];
      return [{ type: 'VendorPayoutAccountSet', data: { vendorId, account: command.account } }];
    case 'ReviseVendor':
      return revise(command.changes, vendor);
    default:
      return unreachable(command);
  }
};

const evolve = (vendor: Vendor, event: VendorEvent): Vendor => {
  if (event.type === 'VendorRegistered')
    return vendor.status === 'none' ? { status: 'pending', ...event.data } : vendor;
  if (vendor.status === 'none') return vendor;
  switch (event.type) {
    case 'VendorApproved':
      return vendor.status === 'pending' ? { ...vendor, status: 'approved' } : vendor;
    case 'VendorSuspended':
      return vendor.status === 'approved' ? { ...vendor, status: 'suspended' } : vendor;
    case 'VendorReinstated':
      return vendor.status === 'suspended' ? { ...vendor, status: 'approved' } : vendor;
    case 'VendorPayoutAccountSet':
      return { ...vendor, payoutAccount: event.data.account };
    case 'VendorRevised': {
      const { changes } = event.data;
      return {
        ...vendor,
        displayName: changes.displayName ?? vendor.displayName,
        country: changes.country ?? vendor.country,
        defaultCurrency: changes.defaultCurrency ?? vendor.defaultCurrency,
      };
    }
    default:
      return unreachable(event);
  }
};

/** Streams `vendor-<vendorId>`. What is asked for and already so is nothing; any other illegal move is VENDOR_STATE. */
export const vendorDecider: Decider<VendorCommand, Vendor, VendorEvent> = {
  category: 'vendor',
  initial: { status: 'none' },
  decide,
  evolve,
};
