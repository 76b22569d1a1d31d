import { hash } from 'node:crypto';

/** Its bytes stand before the name that is hashed (RFC 9562, 5.5). */
const namespace = Buffer.from('6f1b1c526d0c5c1f9d353a0d0f7f5c11', 'hex');

/**
 * A deterministic id (UUIDv5) of its parts: the same cause and step give the same id after any crash or redelivery.
 * Parts are joined with a separator that no id, name or step contains.
 */
export const idFrom = (...parts: readonly (string | number)[]): string => {
  const name = Buffer.concat([namespace, Buffer.from(parts.join('\u0000'))]);
  const hex = hash('sha1', name, 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
};
