import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../../random/port.ts';

const nonceBytes = 12;
const tagBytes = 16;
const lengthBytes = 4;
const smallest = 128;

/**
 * Wraps a value with AES-256-GCM: nonce, tag, ciphertext. The plain text is its length and padding up to the next power
 * of two, so that wrapped values come in few sizes and can be written over one another in place.
 * `label` is authenticated: bytes moved to another label do not open.
 */
export const seal = (value: Uint8Array, label: string, masterKey: Uint8Array, random: Random): Uint8Array => {
  const needed = nonceBytes + tagBytes + lengthBytes + value.length;
  const padded = Buffer.alloc(Math.max(smallest, 2 ** Math.ceil(Math.log2(needed))) - nonceBytes - tagBytes);
  padded.writeUInt32BE(value.length);
  padded.set(value, lengthBytes);
  const nonce = random.bytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(label));
  const body = Buffer.concat([cipher.update(padded), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
};

/** The value that was sealed under `label`. @throws Error when the key or the label is another, or the bytes changed */
export const open = (wrapped: Uint8Array, label: string, masterKey: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(label))
    .setAuthTag(wrapped.subarray(nonceBytes, nonceBytes + tagBytes));
  const padded = Buffer.concat([decipher.update(wrapped.subarray(nonceBytes + tagBytes)), decipher.final()]);
  // A copy, so that what the caller keeps does not keep the padding.
  return Uint8Array.from(padded.subarray(lengthBytes, lengthBytes + padded.readUInt32BE()));
};
