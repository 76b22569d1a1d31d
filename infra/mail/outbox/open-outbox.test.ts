import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import { seededRandom } from '../../random/seeded-random.ts';
import { openSqliteSecrets } from '../../secrets/sqlite/open-sqlite-secrets.ts';
import { openOutbox } from './open-outbox.ts';

const opened = () => {
  const dir = mkdtempSync(join(tmpdir(), 'outbox-'));
  const clock = manualClock(1_764_000_000_000);
  const random = seededRandom(5, clock);
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  const file = join(dir, 'outbox.sqlite');
  const outbox = openOutbox({ file, secrets, clock });
  onTestFinished(() => {
    outbox.close();
    rmSync(dir, { recursive: true });
  });
  return { clock, secrets, outbox, bytes: () => Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]) };
};
const mail = (n: number, personId = 'ada') => ({
  id: `mail-${n}`,
  personId,
  to: `${personId}@example.test`,
  subject: `Subject ${n}`,
  text: 'Hello',
});

it('keeps mails, newest first, page by page', async () => {
  const { outbox } = opened();
  for (let n = 1; n <= 3; n++) await outbox.send(mail(n));
  const first = await outbox.list(2);
  expect(first.mails.map(({ id }) => id)).toEqual(['mail-3', 'mail-2']);
  const second = await outbox.list(2, first.next);
  expect(second.mails.map(({ id }) => id)).toEqual(['mail-1']);
  expect(second.next).toBeUndefined();
});
it('the same mail again is not sent twice', async () => {
  const { outbox } = opened();
  await outbox.send(mail(1));
  await outbox.send({ ...mail(1), text: 'Hello again' });
  expect((await outbox.list(10)).mails).toMatchObject([{ id: 'mail-1', text: 'Hello' }]);
});
it('a person’s mails are gone with the person’s secrets; the file never held them', async () => {
  const { outbox, secrets, bytes } = opened();
  await outbox.send(mail(1));
  await outbox.send(mail(2, 'eve'));
  await secrets.removeByOwner('ada');
  expect((await outbox.list(10)).mails).toMatchObject([{ id: 'mail-2' }]);
  expect(bytes().includes('@example.test')).toBe(false);
});
it('mails are kept for thirty days', async () => {
  const { outbox, secrets, clock } = opened();
  await outbox.send(mail(1));
  await clock.advance(30 * 24 * 3_600_000);
  await secrets.removeExpired(clock.now());
  await outbox.send(mail(2));
  expect((await outbox.list(10)).mails).toMatchObject([{ id: 'mail-2' }]);
});
