import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { personKeys } from './person-keys.ts';
import type { SecretStore } from './port.ts';
import { openSqliteSecrets } from './sqlite/open-sqlite-secrets.ts';

const random = seededRandom(2, manualClock(0));

const secretsInMemory = (): SecretStore => {
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  onTestFinished(() => secrets.close());
  return secrets;
};

describe('keys of persons', () => {
  it('makes one key of 32 bytes a person, and gives the same one ever after', async () => {
    const secrets = secretsInMemory();
    const keys = personKeys(secrets, random);
    const ada = await keys.obtain('ada');
    expect(ada).toHaveLength(32);
    expect(await keys.obtain('ada')).toEqual(ada);
    expect(await keys.obtain('bob')).not.toEqual(ada);
    expect(await personKeys(secrets, random).obtain('ada')).toEqual(ada);
  });

  it('makes one key when two ask for it at once', async () => {
    const secrets = secretsInMemory();
    const [a, b] = [personKeys(secrets, random), personKeys(secrets, random)];
    const made = await Promise.all([a.obtain('ada'), b.obtain('ada'), a.obtain('ada'), b.obtain('ada')]);
    for (const key of made) expect(key).toEqual(made[0]);
    expect((await a.find(['ada'])).get('ada')).toEqual(made[0]);
  });

  it('finds keys without making any', async () => {
    const keys = personKeys(secretsInMemory(), random);
    const ada = await keys.obtain('ada');
    const found = await keys.find(['ada', 'nobody']);
    expect(found.get('ada')).toEqual(ada);
    expect(found.get('nobody')).toBeUndefined();
    expect((await keys.find(['nobody'])).get('nobody')).toBeUndefined();
  });

  it('forgets an erased person for good, also after a restart and with all else of the person', async () => {
    const secrets = secretsInMemory();
    const keys = personKeys(secrets, random);
    await keys.obtain('ada');
    await keys.find(['ada']);
    await keys.erase('ada');
    await keys.erase('ada');
    await secrets.removeByOwner('ada');
    for (const one of [keys, personKeys(secrets, random)]) {
      expect((await one.find(['ada'])).get('ada')).toBeUndefined();
      await expect(one.obtain('ada')).rejects.toThrow('Person ada was erased');
    }
  });

  it('forgets a key that another process erased, once it is told', async () => {
    const secrets = secretsInMemory();
    const [here, there] = [personKeys(secrets, random), personKeys(secrets, random)];
    const ada = await here.obtain('ada');
    await there.erase('ada');
    expect((await here.find(['ada'])).get('ada')).toEqual(ada);
    here.forget('ada');
    expect((await here.find(['ada'])).get('ada')).toBeUndefined();
    await expect(here.obtain('ada')).rejects.toThrow('erased');
  });

  it('never makes a key for a person who was erased before having one', async () => {
    const keys = personKeys(secretsInMemory(), random);
    await keys.erase('ada');
    await expect(keys.obtain('ada')).rejects.toThrow('erased');
  });

  it('does not keep a key that was read while its person was erased', async () => {
    const secrets = secretsInMemory();
    await personKeys(secrets, random).obtain('ada');
    const gate = Promise.withResolvers<void>();
    const slowToArrive: SecretStore = {
      ...secrets,
      getMany: async (kind, ids) => {
        const found = await secrets.getMany(kind, ids);
        await gate.promise;
        return found;
      },
    };
    const keys = personKeys(slowToArrive, random);
    const finding = keys.find(['ada']);
    await keys.erase('ada');
    gate.resolve();
    await finding;
    expect((await keys.find(['ada'])).get('ada')).toBeUndefined();
  });
});
