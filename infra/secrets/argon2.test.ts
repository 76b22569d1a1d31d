import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { argon2Hasher } from './argon2.ts';

const random = seededRandom(5, manualClock(0));
const hasher = argon2Hasher({ random });
const cheap = argon2Hasher({ random, params: { memory: 64, passes: 1, parallelism: 1 } });

describe('argon2id', () => {
  it('makes PHC strings with the recommended cost by default, salted', async () => {
    const hash = await hasher.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hasher.hash('correct horse')).not.toBe(hash);
  });

  it('verifies the password and no other', async () => {
    const hash = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    expect(await hasher.verify('correct horse ', hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
  });

  it('verifies hashes of other costs and makers by their own parameters', async () => {
    expect(await hasher.verify('correct horse', await cheap.hash('correct horse'))).toBe(true);
    // From the reference implementation's own tests (test.c, version 0x13).
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher.verify('password', reference)).toBe(true);
    expect(await hasher.verify('Password', reference)).toBe(false);
  });

  it('takes the same characters for the same password, however they are composed', async () => {
    expect(await cheap.verify('Ame\u0301lie', await cheap.hash('Am\u00e9lie'))).toBe(true);
  });

  it('says which hashes should be made anew', async () => {
    expect(hasher.needsRehash(await hasher.hash('x'))).toBe(false);
    expect(hasher.needsRehash(await cheap.hash('x'))).toBe(true);
  });

  it('does not take something else for a hash', async () => {
    await expect(hasher.verify('x', '$2b$10$abcdefghijklmnopqrstuv')).rejects.toThrow('not argon2id');
    expect(() => hasher.needsRehash('x')).toThrow('not argon2id');
  });
});
