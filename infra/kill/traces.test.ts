import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tracesOf, tracesWith } from './traces.ts';

const folderWith = (bytes: Buffer): string => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-traces-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'file'), bytes);
  return dir;
};
const gone = new Set(['vanishing-3-17-away', 'vanishing-3-18-away']);

const lie = Buffer.from('{"a":"xx vanishing-3-18-away@example.test"}');
it.each([
  ['as it is', lie],
  ['in hex', Buffer.from(lie.toString('hex'))],
  ['in two bytes a character', Buffer.from(lie.toString(), 'utf16le')],
  ['in base64', Buffer.from(lie.toString('base64'))],
  ['in base64, one further', Buffer.from(Buffer.concat([Buffer.from('.'), lie]).toString('base64'))],
  ['in base64, two further', Buffer.from(Buffer.concat([Buffer.from('..'), lie]).toString('base64url'))],
])('finds a text that lies in a file %s, and none that does not', (_, bytes) => {
  const dir = folderWith(Buffer.concat([Buffer.alloc(100, 'vanishing-4-1-away '), bytes, Buffer.alloc(100, '.')]));
  const found = [`vanishing-3-18-away in ${join(dir, 'file')}`];
  expect(tracesOf(gone, dir)).toEqual(found);
  expect(tracesWith('vanishing-', gone, dir)).toEqual(found);
});
