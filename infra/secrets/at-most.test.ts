import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

it('runs so many at once, and whoever waits in the order of coming, also after a failure', async () => {
  const inTurn = atMost(2);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const send = (name: string): Promise<string> =>
    inTurn(async () => {
      begun.push(name);
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      await end.promise;
      return name;
    });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(send);
  expect(begun).toEqual(['a', 'b']);

  ends.get('b')?.reject(new Error('of b'));
  await expect(b).rejects.toThrow('of b');
  expect(begun).toEqual(['a', 'b', 'c']);

  ends.get('a')?.resolve();
  expect(await a).toBe('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['c', 'd']) ends.get(name)?.resolve();
  expect(await Promise.all([c, d])).toEqual(['c', 'd']);

  const [e, f] = ['e', 'f'].map(send);
  expect(begun.slice(-2)).toEqual(['e', 'f']);
  for (const name of ['e', 'f']) ends.get(name)?.resolve();
  await Promise.all([e, f]);
});
