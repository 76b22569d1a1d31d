import { expect, it } from 'vitest';
import { written } from './written.ts';

it.each([
  [1999, 'USD', '19.99'],
  [-1999, 'USD', '-19.99'],
  [5, 'EUR', '0.05'],
  [0, 'EUR', '0.00'],
  [500, 'JPY', '500'],
  [-7, 'JPY', '-7'],
  [1234, 'BHD', '1.234'],
])('%d minor units of %s are written %s', (amount, currency, text) => expect(written(amount, currency)).toBe(text));
