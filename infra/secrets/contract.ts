import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretStore } from './port.ts';

/** A store of its own for one test; `reopen` gives the same store as a process would find it after a restart. */
export type SecretStoreWorld = {
  readonly store: SecretStore;
  reopen(): Promise<SecretStore>;
  dispose(): Promise<void>;
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);

/** What every `SecretStore` must do. */
export const secretStoreContract = (name: string, open: () => Promise<SecretStoreWorld>): void => {
  describe(`secret store: ${name}`, () => {
    let world: SecretStoreWorld;
    let store: SecretStore;
    beforeEach(async () => {
      world = await open();
      store = world.store;
    });
    afterEach(() => world.dispose());

    it('keeps what was put, as it was', async () => {
      const value = Uint8Array.from({ length: 256 }, (_, i) => i);
      expect(await store.put('session', 's1', value, 'absent')).toBe(true);
      expect(await store.put('session', 's2', new Uint8Array(0), 'absent')).toBe(true);
      const big = new Uint8Array(100_000).fill(7);
      expect(await store.put('session', 's3', big, 'absent')).toBe(true);
      expect(await store.get('session', 's1')).toEqual({ id: 's1', value, version: 1 });
      expect((await store.get('session', 's2'))?.value).toEqual(new Uint8Array(0));
      expect((await store.get('session', 's3'))?.value).toEqual(big);
    });

    it('knows nothing of another kind or id', async () => {
      await store.put('session', 's1', bytes('a'), 'absent');
      expect(await store.get('password', 's1')).toBeUndefined();
      expect(await store.get('session', 's2')).toBeUndefined();
    });

    it('gets many at once, and only those there are', async () => {
      await store.put('session', 's1', bytes('a'), 'absent');
      await store.put('session', 's2', bytes('b'), 'absent');
      await store.put('password', 's3', bytes('c'), 'absent');
      const found = await store.getMany('session', ['s1', 's2', 's2', 's3', 's4']);
      expect([...found].map(([id, secret]) => [id, text(secret.value)]).sort()).toEqual([
        ['s1', 'a'],
        ['s2', 'b'],
      ]);
      expect((await store.getMany('session', [])).size).toBe(0);
    });

    it('writes over exactly the version that was expected', async () => {
      await store.put('session', 's1', bytes('a'), 'absent');
      expect(await store.put('session', 's1', bytes('b'), 'absent')).toBe(false);
      expect(await store.put('session', 's1', bytes('b'), 2)).toBe(false);
      expect(await store.put('session', 's1', bytes('b, and longer '.repeat(100)), 1)).toBe(true);
      expect(await store.put('session', 's1', bytes('c'), 1)).toBe(false);
      expect(await store.get('session', 's1')).toMatchObject({
        version: 2,
        value: bytes('b, and longer '.repeat(100)),
      });
      expect(await store.put('session', 's1', bytes('c'), 2)).toBe(true);
      expect(text((await store.get('session', 's1'))?.value)).toBe('c');
      expect(await store.put('session', 'none', bytes('c'), 1)).toBe(false);
      expect(await store.get('session', 'none')).toBeUndefined();
    });

    it('lets exactly one of many at once win', async () => {
      const makers = Array.from({ length: 20 }, (_, i) => store.put('session', 's1', bytes(`maker ${i}`), 'absent'));
      expect((await Promise.all(makers)).filter(Boolean)).toHaveLength(1);
      const writers = Array.from({ length: 20 }, (_, i) => store.put('session', 's1', bytes(`writer ${i}`), 1));
      const won = await Promise.all(writers);
      expect(won.filter(Boolean)).toHaveLength(1);
      const stored = await store.get('session', 's1');
      expect(stored?.version).toBe(2);
      expect(text(stored?.value)).toBe(`writer ${won.indexOf(true)}`);
    });

    it('loses no write of 20 writers that try again', async () => {
      await store.put('counter', 'c', bytes('0'), 'absent');
      const increment = async (): Promise<void> => {
        const present = await store.get('counter', 'c');
        const next = bytes(String(Number(text(present?.value)) + 1));
        if (!(await store.put('counter', 'c', next, present?.version ?? 'absent'))) await increment();
      };
      await Promise.all(Array.from({ length: 20 }, increment));
      expect(text((await store.get('counter', 'c'))?.value)).toBe('20');
    });

    it('removes one, and lets it be made again', async () => {
      await store.put('session', 's1', bytes('a'), 'absent');
      await store.put('session', 's2', bytes('b'), 'absent');
      await store.remove('session', 's1');
      await store.remove('session', 's1');
      expect(await store.get('session', 's1')).toBeUndefined();
      expect(await store.put('session', 's1', bytes('c'), 1)).toBe(false);
      expect(await store.put('session', 's1', bytes('c'), 'absent')).toBe(true);
      expect(text((await store.get('session', 's2'))?.value)).toBe('b');
    });

    it('lists the secrets of an owner by kind, and removes them by kind or all', async () => {
      await store.put('session', 's2', bytes('b'), 'absent', { owner: 'ada' });
      await store.put('session', 's1', bytes('a'), 'absent', { owner: 'ada' });
      await store.put('password', 'ada', bytes('p'), 'absent', { owner: 'ada' });
      await store.put('session', 's3', bytes('c'), 'absent', { owner: 'bob' });
      await store.put('session', 's4', bytes('d'), 'absent');
      const list = async (kind: string, owner: string) => (await store.listByOwner(kind, owner)).map(({ id }) => id);
      expect(await list('session', 'ada')).toEqual(['s1', 's2']);
      expect(text((await store.listByOwner('session', 'ada'))[0]?.value)).toBe('a');

      await store.removeByOwner('ada', 'session');
      expect(await list('session', 'ada')).toEqual([]);
      expect(await list('password', 'ada')).toEqual(['ada']);

      await store.removeByOwner('ada');
      expect(await store.get('password', 'ada')).toBeUndefined();
      expect(await list('session', 'bob')).toEqual(['s3']);
      expect(text((await store.get('session', 's4'))?.value)).toBe('d');
    });

    it('removes what has expired, and nothing else', async () => {
      await store.put('session', 'before', bytes('a'), 'absent', { expiresAt: 999 });
      await store.put('session', 'now', bytes('a'), 'absent', { expiresAt: 1000 });
      await store.put('session', 'later', bytes('a'), 'absent', { expiresAt: 1001 });
      await store.put('session', 'never', bytes('a'), 'absent');
      await store.put('session', 'prolonged', bytes('a'), 'absent', { expiresAt: 500 });
      await store.put('session', 'prolonged', bytes('a'), 1, { expiresAt: 2000 });
      await store.removeExpired(1000);
      const left = await store.getMany('session', ['before', 'now', 'later', 'never', 'prolonged']);
      expect([...left.keys()].sort()).toEqual(['later', 'never', 'prolonged']);
    });

    it('drops owner and expiry that a later put does not repeat', async () => {
      await store.put('session', 's1', bytes('a'), 'absent', { owner: 'ada', expiresAt: 10 });
      await store.put('session', 's1', bytes('b'), 1);
      await store.removeExpired(1000);
      await store.removeByOwner('ada');
      expect(text((await store.get('session', 's1'))?.value)).toBe('b');
    });

    it('has everything after a restart', async () => {
      await store.put('session', 's1', bytes('a'), 'absent', { owner: 'ada', expiresAt: 10 });
      await store.put('session', 's1', bytes('b'), 1, { owner: 'ada', expiresAt: 20 });
      await store.put('session', 's2', bytes('c'), 'absent');
      await store.remove('session', 's2');
      const again = await world.reopen();
      expect(await again.get('session', 's1')).toEqual({ id: 's1', value: bytes('b'), version: 2 });
      expect(await again.get('session', 's2')).toBeUndefined();
      expect(await again.listByOwner('session', 'ada')).toHaveLength(1);
      await again.removeExpired(20);
      expect(await again.get('session', 's1')).toBeUndefined();
    });
  });
};
