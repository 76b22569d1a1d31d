import { expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import { oneTimeTokens } from './one-time-tokens.ts';

const hour = 3_600_000;
const holder = { accountId: 'ada', emailHash: 'h1' };

const tokensOfAnHour = () => {
  const clock = manualClock(1_764_000_000_000);
  const random = seededRandom(3, clock);
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  const tokens = oneTimeTokens({ secrets, clock, random }, 'passwordToken', hour);
  return { clock, secrets, tokens, others: oneTimeTokens({ secrets, clock, random }, 'emailToken', hour) };
};

it('a token says whom it was mailed to, once', async () => {
  const { tokens } = tokensOfAnHour();
  const token = await tokens.issue(holder);
  expect(await tokens.use(token)).toEqual(holder);
  expect(await tokens.use(token)).toBeUndefined();
});
it('of two uses at once one counts', async () => {
  const { tokens } = tokensOfAnHour();
  const token = await tokens.issue(holder);
  const uses = await Promise.all([tokens.use(token), tokens.use(token)]);
  expect(uses.filter((use) => use !== undefined)).toEqual([holder]);
});
it('it is good for its time, and not a millisecond longer', async () => {
  const { tokens, clock } = tokensOfAnHour();
  const [early, late] = [await tokens.issue(holder), await tokens.issue(holder)];
  await clock.advance(hour - 1);
  expect(await tokens.use(early)).toEqual(holder);
  await clock.advance(1);
  expect(await tokens.use(late)).toBeUndefined();
});
it('it is good for its purpose only, and is not what is stored', async () => {
  const { tokens, others, secrets } = tokensOfAnHour();
  const token = await tokens.issue(holder);
  expect(await others.use(token)).toBeUndefined();
  expect(await secrets.get('passwordToken', token)).toBeUndefined();
});
it('those of one account are counted, and taken away together', async () => {
  const { tokens } = tokensOfAnHour();
  const token = await tokens.issue(holder);
  await tokens.issue(holder);
  const eves = await tokens.issue({ ...holder, accountId: 'eve' });
  expect(await tokens.living('ada')).toBe(2);
  await tokens.removeAll('ada');
  expect(await tokens.use(token)).toBeUndefined();
  expect(await tokens.use(eves)).toBeDefined();
});
