import { createHmac } from 'node:crypto';
import type { Random } from '../random/port.ts';
import type { KeyedHash, SecretStore } from './port.ts';

type Purpose = Parameters<KeyedHash>[0];

const kind = 'hashKey';
const keyBytes = 32;

const obtainKey = async (secrets: SecretStore, random: Random, purpose: Purpose): Promise<Uint8Array> => {
  const stored = await secrets.get(kind, purpose);
  if (stored !== undefined) return stored.value;
  const made = random.bytes(keyBytes);
  // Another process may have been first: its key holds.
  return (await secrets.put(kind, purpose, made, 'absent')) ? made : obtainKey(secrets, random, purpose);
};

/** HMAC-SHA-256 (32 bytes) under a key for each purpose; the keys are made at the first start and kept in `secrets`. */
export const loadKeyedHash = async (secrets: SecretStore, random: Random): Promise<KeyedHash> => {
  const load = (purpose: Purpose): Promise<Uint8Array> => obtainKey(secrets, random, purpose);
  const keys: Readonly<Record<Purpose, Uint8Array>> = {
    email: await load('email'),
    licenseKey: await load('licenseKey'),
    download: await load('download'),
    request: await load('request'),
    csrf: await load('csrf'),
  };
  return (purpose, text) => createHmac('sha256', keys[purpose]).update(text, 'utf8').digest();
};
