import { v5 } from 'uuid';
import { expect, it } from 'vitest';
import { idFrom } from './ids.ts';

it('is the UUIDv5 that every log was written with', () => {
  const namespace = '6f1b1c52-6d0c-5c1f-9d35-3a0d0f7f5c11';
  const names = [['order', 7], ['Größe', 'schön'], [''], ['a', 'b', 'c'], ['x'.repeat(5_000)]];
  for (const parts of names) expect(idFrom(...parts)).toBe(v5(parts.join('\u0000'), namespace));
});
