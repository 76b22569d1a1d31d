import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { KeyedHash } from '../../infra/secrets/port.ts';

/** What a link lets its holder fetch, until when (milliseconds since the epoch). */
export type DownloadLink = {
  readonly licenseId: string;
  readonly productId: string;
  readonly version: string;
  readonly expiresAt: number;
};

const payload = z.tuple([z.uuid(), z.uuid(), z.string(), z.number().int()]);

const sign = (keyedHash: KeyedHash, text: string): Buffer => Buffer.from(keyedHash('download', text));

/** `<payload>.<HMAC>`, both base64url: the token is the whole credential. */
export const linkToken = (keyedHash: KeyedHash, { licenseId, productId, version, expiresAt }: DownloadLink): string => {
  const text = Buffer.from(JSON.stringify([licenseId, productId, version, expiresAt])).toString('base64url');
  return `${text}.${sign(keyedHash, text).toString('base64url')}`;
};

/** Undefined: not one of ours. Whether it has expired is for the caller to see. */
export const readLinkToken = (keyedHash: KeyedHash, token: string): DownloadLink | undefined => {
  const [text = '', signature = '', ...more] = token.split('.');
  const [given, known] = [Buffer.from(signature, 'base64url'), sign(keyedHash, text)];
  // Only the spelling that we write: base64url has several of one value.
  const isOurs =
    given.byteLength === known.byteLength && timingSafeEqual(given, known) && known.toString('base64url') === signature;
  if (!isOurs || more.length > 0) return undefined;
  const parsed = payload.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  if (!parsed.success) return undefined;
  const [licenseId, productId, version, expiresAt] = parsed.data;
  return { licenseId, productId, version, expiresAt };
};
