import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileErasures } from './file-erasures.ts';

const at = '2026-11-21T10:00:00.000Z';
const newFile = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'erasures-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return join(dir, 'erasures.ndjson');
};

it('a list that is not there is empty', async () => {
  expect(await fileErasures(newFile()).all()).toEqual([]);
});
it('keeps who was added, once, for whoever opens it next', async () => {
  const file = newFile();
  await fileErasures(file).add({ personId: 'ada', at });
  await fileErasures(file).add({ personId: 'eve', at });
  await fileErasures(file).add({ personId: 'ada', at: '2027-01-01T00:00:00.000Z' });
  expect(await fileErasures(file).all()).toEqual([
    { personId: 'ada', at },
    { personId: 'eve', at },
  ]);
});
it('a line that a crash cut short is passed over, and spoils nothing behind it', async () => {
  const file = newFile();
  await fileErasures(file).add({ personId: 'ada', at });
  appendFileSync(file, '{"personId":"e');
  expect(await fileErasures(file).all()).toEqual([{ personId: 'ada', at }]);
  await fileErasures(file).add({ personId: 'eve', at });
  expect((await fileErasures(file).all()).map(({ personId }) => personId)).toEqual(['ada', 'eve']);
});
