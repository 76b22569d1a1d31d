import { describe, expect, it } from 'vitest';
import { median, rowOf } from './figures.ts';
import { tableOf } from './table.ts';

const what = { name: 'lists', scale: 2000, unit: 'req/s' };

describe('the median', () => {
  it('is the middle value, whatever the order', () => expect(median([9, 1, 5])).toBe(5));
  it('is the mean of the middle two of an even number', () => expect(median([4, 1, 3, 2])).toBe(2.5));
  it('of nothing is no number', () => expect(median([])).toBeNaN());
});

describe('a row', () => {
  const rounds = [
    { subject: 80, reference: 100 },
    { subject: 10, reference: 20 },
    { subject: 90, reference: 100 },
  ];
  it('takes the ratio of each round by itself, so that a slow moment of the machine does not count', () => {
    expect(rowOf(what, rounds)).toMatchObject({ value: 80, reference: 100, ratio: 0.8, goal: null, met: null });
  });
  it('says whether the ratio reaches its goal', () => {
    expect(rowOf({ ...what, goal: { of: 'ratio', atLeast: 0.8 } }, rounds)).toMatchObject({
      goal: 'ratio ≥ 0.8',
      met: true,
    });
    expect(rowOf({ ...what, goal: { of: 'ratio', atMost: 0.7 } }, rounds)).toMatchObject({
      goal: 'ratio ≤ 0.7',
      met: false,
    });
  });
  it('without a reference stands for itself', () => {
    const alone = [{ subject: 1.5, reference: undefined }];
    expect(rowOf({ ...what, goal: { of: 'value', atMost: 2 } }, alone)).toMatchObject({
      ...{ value: 1.5, reference: null, ratio: null, goal: '≤ 2', met: true },
    });
    expect(rowOf({ ...what, goal: { of: 'ratio', atLeast: 1 } }, alone).met).toBe(false);
  });
});

it('the table shows what is missing and what is missed', () => {
  const row = rowOf({ ...what, goal: { of: 'value', atLeast: 400 } }, [{ subject: 312.4, reference: undefined }]);
  expect(tableOf([row]).split('\n').at(-1)).toBe(
    '| lists | 2,000    | 312   | req/s | –         | –     | ≥ 400 | NO  |',
  );
});
