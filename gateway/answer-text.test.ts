import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerText } from './answer-text.ts';

const frozen = fc.jsonValue().map((value) => (value instanceof Object ? Object.freeze(value) : value));

it('writes what JSON.stringify writes, the first time and again', () => {
  const list = fc.record(
    {
      ...{ total: fc.nat(), items: fc.array(frozen), absent: fc.constant(undefined) },
      'next "cursor"': fc.option(fc.string()),
    },
    { requiredKeys: ['items'] },
  );
  const answer = fc.oneof(list, frozen, fc.constant({ items: [undefined] }), fc.constant({ items: 'none' }));
  fc.assert(
    fc.property(answer, (given) => {
      expect(answerText(given)).toBe(JSON.stringify(given));
      expect(answerText(given)).toBe(JSON.stringify(given));
    }),
  );
});

it('writes a frozen item once', () => {
  let asked = 0;
  const item = Object.freeze({
    toJSON: () => {
      asked += 1;
      return { id: 1 };
    },
  });
  expect([answerText({ items: [item] }), answerText({ items: [item, item], total: 2 })]).toEqual([
    '{"items":[{"id":1}]}',
    '{"items":[{"id":1},{"id":1}],"total":2}',
  ]);
  expect(asked).toBe(1);
});
