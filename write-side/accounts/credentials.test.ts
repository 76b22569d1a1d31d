import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { argon2Hasher } from '../../infra/secrets/argon2.ts';
import type { PasswordHasher, SecretStore } from '../../infra/secrets/port.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import { openCredentials } from './credentials.ts';

const random = seededRandom(8, manualClock(0));
const hasherOf = (memory: number) => argon2Hasher({ random, params: { memory, passes: 1, parallelism: 1 } });
const hasher = hasherOf(64);

describe('passwords', () => {
  let secrets: SecretStore;
  beforeEach(() => {
    const store = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
    secrets = store;
    onTestFinished(() => store.close());
  });

  it('are right or wrong', async () => {
    const credentials = await openCredentials({ secrets, hasher });
    await credentials.setPassword('ada', 'correct horse');
    expect(await credentials.verifyPassword('ada', 'correct horse')).toBe(true);
    expect(await credentials.verifyPassword('ada', 'wrong horse')).toBe(false);
    expect(await credentials.verifyPassword('bob', 'correct horse')).toBe(false);
  });

  it('can be replaced', async () => {
    const credentials = await openCredentials({ secrets, hasher });
    await credentials.setPassword('ada', 'old');
    await credentials.setPassword('ada', 'new');
    expect(await credentials.verifyPassword('ada', 'old')).toBe(false);
    expect(await credentials.verifyPassword('ada', 'new')).toBe(true);
  });

  it('cost the same to refuse whether the account is there or not', async () => {
    const verified: string[] = [];
    const counting: PasswordHasher = {
      ...hasher,
      verify: (password, hash) => {
        verified.push(hash.slice(0, hash.lastIndexOf(',')));
        return hasher.verify(password, hash);
      },
    };
    const credentials = await openCredentials({ secrets, hasher: counting });
    await credentials.setPassword('ada', 'correct horse');
    await credentials.verifyPassword('ada', 'wrong');
    await credentials.verifyPassword('nobody', 'wrong');
    await credentials.verifyPassword(undefined, 'wrong');
    const [ofKnown] = verified;
    expect(verified).toEqual([ofKnown, ofKnown, ofKnown]);
  });

  it('never fit an account that is not there, not even an empty one', async () => {
    const credentials = await openCredentials({ secrets, hasher });
    expect(await credentials.verifyPassword(undefined, '')).toBe(false);
    expect(await credentials.verifyPassword('nobody', '')).toBe(false);
  });

  it('are hashed anew at sign-in once the cost was raised', async () => {
    await (await openCredentials({ secrets, hasher })).setPassword('ada', 'correct horse');
    const stored = async () => Buffer.from((await secrets.get('password', 'ada'))?.value ?? []).toString();
    const costlier = await openCredentials({ secrets, hasher: hasherOf(128) });
    await costlier.verifyPassword('ada', 'wrong');
    expect(await stored()).toContain('m=64,');
    expect(await costlier.verifyPassword('ada', 'correct horse')).toBe(true);
    expect(await stored()).toContain('m=128,');
    expect(await costlier.verifyPassword('ada', 'correct horse')).toBe(true);
  });

  it('go with everything that their account owns', async () => {
    const credentials = await openCredentials({ secrets, hasher });
    await credentials.setPassword('ada', 'correct horse');
    await secrets.removeByOwner('ada');
    expect(await credentials.verifyPassword('ada', 'correct horse')).toBe(false);
  });
});
