import { expect, it } from 'vitest';
import { fileTrouble } from './unreadable.ts';

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: open '/x'`), { code, syscall: 'open', path: '/x' });

it.each([
  ['ENOENT', 'there is no /x'],
  ['EISDIR', '/x is a folder, not a file'],
  ['EACCES', '/x is there, but this user may not use it (EACCES)'],
  ['EMFILE', "EMFILE: open '/x'"],
])('says what is true of a file: %s', (code, text) => {
  expect(fileTrouble(systemError(code))).toBe(text);
});

it('has nothing to say of other errors', () => {
  expect(fileTrouble(new TypeError('a fault of ours'))).toBeUndefined();
});
