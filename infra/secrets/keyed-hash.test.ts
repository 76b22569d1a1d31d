import { expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { loadKeyedHash } from './keyed-hash.ts';
import { openSqliteSecrets } from './sqlite/open-sqlite-secrets.ts';

const random = seededRandom(3, manualClock(0));
const newSecrets = () => {
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  onTestFinished(() => secrets.close());
  return secrets;
};

it('gives the same 32 bytes for the same purpose and text, also after a restart', async () => {
  const secrets = newSecrets();
  const hash = await loadKeyedHash(secrets, random);
  const again = await loadKeyedHash(secrets, random);
  expect(hash('email', 'ada@example.com')).toHaveLength(32);
  expect(again('email', 'ada@example.com')).toEqual(hash('email', 'ada@example.com'));
});

it('gives others for another purpose, another text, another system', async () => {
  const hash = await loadKeyedHash(newSecrets(), random);
  const elsewhere = await loadKeyedHash(newSecrets(), random);
  const ofEmail = hash('email', 'ada@example.com');
  expect(hash('licenseKey', 'ada@example.com')).not.toEqual(ofEmail);
  expect(hash('email', 'bob@example.com')).not.toEqual(ofEmail);
  expect(elsewhere('email', 'ada@example.com')).not.toEqual(ofEmail);
});
