import { ERASED } from '../event/definition.ts';
import { unreachable } from '../unreachable.ts';
import { type License, stateAt } from './license.ts';

export const validationCodes = [
  'VALID',
  'NOT_FOUND',
  'WRONG_PRODUCT',
  'SUSPENDED',
  'REVOKED',
  'EXPIRED',
  'NOT_ACTIVATED',
] as const;
export type ValidationCode = (typeof validationCodes)[number];
export type Validation = { readonly valid: boolean; readonly code: ValidationCode; readonly detail: string };

const invalid = (code: Exclude<ValidationCode, 'VALID'>, detail: string): Validation => ({
  valid: false,
  code,
  detail,
});

/**
 * Whether the licence that a key stands for may be used now for the product (and on the machine, where one is named).
 * `now` is RFC 3339, UTC, milliseconds. Never throws; a key of no licence is `{ status: 'none' }`.
 */
export const validate = (
  license: License,
  asked: { readonly productId: string; readonly machine?: string; readonly now: string },
): Validation => {
  if (license.status === 'none') return invalid('NOT_FOUND', 'There is no licence with this key');
  if (license.productId !== asked.productId) return invalid('WRONG_PRODUCT', 'The licence is for another product');
  const state = stateAt(license, asked.now);
  switch (state) {
    case 'suspended':
      return invalid('SUSPENDED', 'The licence is suspended');
    case 'revoked':
      return invalid('REVOKED', 'The licence is revoked');
    case 'expired':
      return invalid('EXPIRED', 'The licence has expired');
    case 'active': {
      const { machine } = asked;
      const known = license.activations.some((activation) => activation.machine === machine);
      if (machine !== undefined && (machine === ERASED || !known))
        return invalid('NOT_ACTIVATED', 'The licence is not activated on this machine');
      return { valid: true, code: 'VALID', detail: 'The licence is valid' };
    }
    default:
      return unreachable(state);
  }
};
