import { expect, it } from 'vitest';
import { rememberedAnswers } from './remembered-answers.ts';

const world = (capacity?: number) => {
  const counts: Record<string, number> = {};
  const answers = rememberedAnswers(
    { changes: (projections) => projections.reduce((sum, name) => sum + (counts[name] ?? 0), 0) },
    capacity,
  );
  const of = (text: string) => ({ bytes: Buffer.from(text), etag: undefined });
  return {
    answers,
    changed: (name: string) => {
      counts[name] = (counts[name] ?? 0) + 1;
    },
    keep: (url: string, text = url, reads = ['cards']) => answers.keep(url, answers.mark(reads), of(text)),
    find: (url: string, reads = ['cards']) => answers.find(url, reads)?.bytes.toString(),
    of,
  };
};

it('answers the same again while nothing has changed that it was read from', () => {
  const { keep, find, changed } = world();
  keep('/a', 'one');
  expect(find('/a')).toBe('one');
  changed('orders');
  expect(find('/a')).toBe('one');
  changed('cards');
  expect(find('/a')).toBeUndefined();
});

it('never shows what was read before a change and kept after it', () => {
  const { answers, changed, find, of } = world();
  const mark = answers.mark(['cards']);
  changed('cards');
  answers.keep('/a', mark, of('old'));
  expect(find('/a')).toBeUndefined();
});

it('holds no more than its capacity, and lets go of what was asked for longest ago', () => {
  const { keep, find } = world(1_000);
  keep('/a', 'a'.repeat(200));
  keep('/b', 'b'.repeat(200));
  expect(find('/a')).toBeDefined();
  keep('/c', 'c'.repeat(200));
  expect([find('/a') !== undefined, find('/b') !== undefined, find('/c') !== undefined]).toEqual([true, false, true]);
  keep('/huge', 'x'.repeat(300_000));
  expect(find('/huge')).toBeUndefined();
});
