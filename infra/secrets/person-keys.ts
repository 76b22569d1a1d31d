import { domainError } from '../../domain/errors.ts';
import type { Random } from '../random/port.ts';
import { boundedCache } from './bounded-cache.ts';
import type { PersonKeys, SecretStore } from './port.ts';

const kind = 'personKey';
const keyBytes = 32;
const cachedKeys = 10_000;

/**
 * Keys of persons in a secret store. An erased key is replaced by an empty value, a tombstone: no key is made
 * for this person again. The secrets have no owner on purpose, so `removeByOwner` cannot take the tombstone away.
 * Keys are cached in this process (at most 10 000); `erase` empties this process's cache, another one has to be told (`forget`).
 */
export const personKeys = (secrets: SecretStore, random: Random): PersonKeys => {
  const cache = boundedCache<Uint8Array>(cachedKeys);
  /** Grows with every erasure: a key that was read before one and arrives after it must not be cached. */
  let erasures = 0;

  const remember = (personId: string, key: Uint8Array, readDuring: number): Uint8Array => {
    if (readDuring === erasures) cache.set(personId, key);
    return key;
  };

  const forget = (personId: string): void => {
    erasures += 1;
    cache.delete(personId);
  };

  const obtain = async (personId: string): Promise<Uint8Array> => {
    const cached = cache.get(personId);
    if (cached !== undefined) return cached;
    const during = erasures;
    const stored = await secrets.get(kind, personId);
    if (stored?.value.length === 0) throw domainError('ACCOUNT_ERASED', `Person ${personId} was erased.`);
    if (stored !== undefined) return remember(personId, stored.value, during);
    const made = random.bytes(keyBytes);
    // Lost against another maker (or an eraser): what is there now holds.
    return (await secrets.put(kind, personId, made, 'absent')) ? remember(personId, made, during) : obtain(personId);
  };

  return {
    obtain,
    find: async (personIds) => {
      const during = erasures;
      const found = new Map<string, Uint8Array | undefined>();
      for (const personId of personIds) found.set(personId, cache.get(personId));
      const missing = [...found.keys()].filter((personId) => found.get(personId) === undefined);
      if (missing.length === 0) return found;
      for (const { id, value } of (await secrets.getMany(kind, missing)).values())
        if (value.length > 0) found.set(id, remember(id, value, during));
      return found;
    },
    erase: async (personId) => {
      for (let erased = false; !erased; ) {
        const stored = await secrets.get(kind, personId);
        erased =
          stored?.value.length === 0 ||
          (await secrets.put(kind, personId, new Uint8Array(0), stored?.version ?? 'absent'));
      }
      forget(personId);
    },
    forget,
  };
};
