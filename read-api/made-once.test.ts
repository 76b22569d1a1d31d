import { expect, it } from 'vitest';
import { madeOnce } from './made-once.ts';

it('makes it again when either document is another', () => {
  let made = 0;
  const pair = madeOnce((one: { readonly a: number }, other: { readonly b: number }) => {
    made += 1;
    return { sum: one.a + other.b };
  });
  const [one, other] = [{ a: 1 }, { b: 2 }];
  expect([pair(one, other), pair(one, other), made]).toEqual([{ sum: 3 }, { sum: 3 }, 1]);
  expect(pair(one, { b: 5 })).toEqual({ sum: 6 });
  expect(pair({ a: 7 }, other)).toEqual({ sum: 9 });
  expect([made, Object.isFrozen(pair(one, other))]).toEqual([3, true]);
});
