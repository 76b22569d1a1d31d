import { createHash } from 'node:crypto';
import type { KeyedHash } from '../../infra/secrets/port.ts';

/** Crockford's base 32: no I, L, O or U, so that a key can be read aloud and typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const prefix = 'AP';
const groups = 5;
const groupLength = 5;
const letters = groups * groupLength;

/** The first 125 bits. */
const spelled = (bytes: Uint8Array): string => {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text.slice(0, letters);
};

/**
 * The key of a licence, `AP-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`: computed from its id with the server's own key whenever it is
 * shown, and stored nowhere.
 */
export const licenseKey = (keyedHash: KeyedHash, licenseId: string): string => {
  const text = spelled(keyedHash('licenseKey', licenseId));
  const parts = Array.from({ length: groups }, (_, i) => text.slice(i * groupLength, (i + 1) * groupLength));
  return [prefix, ...parts].join('-');
};

/** As it was meant: in any case, with any separators or none, with or without the prefix, O for 0 and I or L for 1. */
const normalized = (key: string): string => {
  const typed = key.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return typed.length === prefix.length + letters && typed.startsWith(prefix) ? typed.slice(prefix.length) : typed;
};

/** SHA-256 (hex) of a key however it was typed: what `LicenseIssued.keyHash` holds. Any text has one. */
export const hashLicenseKey = (key: string): string => createHash('sha256').update(normalized(key)).digest('hex');
