import { v5 } from 'uuid';

const namespace = '6f1b1c52-6d0c-5c1f-9d35-3a0d0f7f5c11';

/**
 * A deterministic id (UUIDv5) of its parts: the same cause and step give the same id after any crash or redelivery.
 * Parts are joined with a separator that no id, name or step contains.
 */
export const idFrom = (...parts: readonly (string | number)[]): string => v5(parts.join('\u0000'), namespace);
