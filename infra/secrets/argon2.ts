import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../random/port.ts';
import { atMost } from './at-most.ts';
import type { PasswordHasher } from './port.ts';

const derive = promisify(argon2);

/** `memory` in KiB. */
export type Argon2Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/**
 * The first of OWASP's recommendations for argon2id, all as strong as each other. It is the only one above 32 MiB: glibc gives blocks of that
 * size back to the system when they are freed. With smaller ones it takes to keeping them, one in the arena of each thread that ever
 * hashed (130 MiB after a few sign-ins with 19 MiB).
 */
export const owaspCost: Argon2Cost = { memory: 47_104, passes: 1, parallelism: 1 };

/** What is under way at once is memory; and the thread pool has files to read as well. */
const hashesAtOnce = 2;

const saltBytes = 16;
const tagBytes = 32;

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

const parsePhc = (hash: string): { cost: Argon2Cost; salt: Buffer; tag: Buffer } => {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (salt === undefined || tag === undefined)
    throw new Error('the stored password hash is not argon2id in PHC format');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
};

/** argon2id on the thread pool, 46 MiB each by default, two at a time. */
export const argon2Hasher = (options: { readonly random: Random; readonly params?: Argon2Cost }): PasswordHasher => {
  const { random, params = owaspCost } = options;
  const { memory, passes, parallelism } = params;
  const inTurn = atMost(hashesAtOnce);
  /** Passwords are compared as Unicode NFKC, so that the same characters typed on another system are the same. */
  const tagOf = (password: string, salt: Uint8Array, tagLength: number, cost: Argon2Cost): Promise<Buffer> =>
    inTurn(() =>
      derive('argon2id', { message: Buffer.from(password.normalize('NFKC')), nonce: salt, tagLength, ...cost }),
    );
  return {
    hash: async (password) => {
      const salt = random.bytes(saltBytes);
      const tag = await tagOf(password, salt, tagBytes, params);
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
    },
    verify: async (password, hash) => {
      const { cost, salt, tag } = parsePhc(hash);
      return timingSafeEqual(await tagOf(password, salt, tag.length, cost), tag);
    },
    needsRehash: (hash) => {
      const { cost, tag } = parsePhc(hash);
      return (
        cost.memory !== memory || cost.passes !== passes || cost.parallelism !== parallelism || tag.length !== tagBytes
      );
    },
  };
};
