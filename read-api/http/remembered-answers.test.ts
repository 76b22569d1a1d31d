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
    /** Asked for twice, so kept. */
    keep: (url: string, text = url, reads = ['cards']) => {
      answers.mark(url, reads);
      const mark = answers.mark(url, reads);
      if (mark !== undefined) answers.keep(url, mark, of(text));
    },
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
  expect(answers.mark('/a', ['cards'])).toBeUndefined();
  const mark = answers.mark('/a', ['cards']);
  changed('cards');
  answers.keep('/a', mark ?? -1, of('old'));
  expect(find('/a')).toBeUndefined();
});

it('keeps nothing that was asked for only once', () => {
  const { answers } = world();
  for (let n = 0; n < 10_000; n += 1) expect(answers.mark(`/products/${n}`, ['cards'])).toBeUndefined();
  expect(answers.mark('/products/9999', ['cards'])).toBe(0);
  expect(answers.mark('/products/0', ['cards'])).toBeUndefined();
  const long = `/${'x'.repeat(600)}`;
  expect([answers.mark(long, ['cards']), answers.mark(long, ['cards'])]).toEqual([undefined, undefined]);
});

it('reads again at once what changed meanwhile', () => {
  const { answers, keep, changed, find } = world();
  keep('/a');
  changed('cards');
  expect(find('/a')).toBeUndefined();
  expect(answers.mark('/a', ['cards'])).toBe(1);
});

it('holds no more than its capacity, and lets go of the oldest that nobody asked for since', () => {
  const { keep, find } = world(1_000);
  keep('/a', 'a'.repeat(200));
  keep('/b', 'b'.repeat(200));
  expect(find('/a')).toBeDefined();
  keep('/c', 'c'.repeat(200));
  expect([find('/a') !== undefined, find('/b') !== undefined, find('/c') !== undefined]).toEqual([true, false, true]);
  keep('/huge', 'x'.repeat(300_000));
  expect(find('/huge')).toBeUndefined();
});
