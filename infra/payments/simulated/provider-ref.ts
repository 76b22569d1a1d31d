import { createHash } from 'node:crypto';

/** The provider's own name of what the caller calls `key`, e.g. `ch_1f3a…`: the same key, the same name. */
export const providerRef = (prefix: 'ch' | 're' | 'po' | 'dp', key: string): string =>
  `${prefix}_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
