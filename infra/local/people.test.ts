import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, type Person, registered, signIn, withRole } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

const password = 'a long enough passphrase 42';
const other = 'quite another passphrase 43';
let system: TestSystem;
let operator: Person;

beforeAll(async () => {
  system = await startTestSystem();
  operator = await withRole(system, 'operator', 'operator');
});
afterAll(() => system.dispose());

type MailSeen = { readonly to: string; readonly subject: string; readonly text: string };
const isMail = (mail: unknown): mail is MailSeen =>
  typeof mail === 'object' && mail !== null && 'to' in mail && 'subject' in mail && 'text' in mail;
/** Mails to the address, newest first. */
const mailsTo = async (address: string): Promise<readonly MailSeen[]> => {
  const { items } = await operator.ok('GET', '/operator/outbox?limit=100');
  if (!Array.isArray(items)) throw new Error('no outbox');
  return items.filter(isMail).filter(({ to }) => to === address);
};
const tokenIn = (mail: MailSeen | undefined): string => {
  const token = /^[\w-]{43}$/m.exec(mail?.text ?? '')?.[0];
  if (token === undefined) throw new Error(`no token in ${JSON.stringify(mail)}`);
  return token;
};
const resetToken = async (address: string, nth = 1): Promise<string> => {
  await clientOf(system).ok('POST', '/auth/password/forgot', { email: address });
  const found = await system.until('a mail', async () => {
    const resets = (await mailsTo(address)).filter(({ subject }) => subject === 'Set a new password');
    return resets.length >= nth && resets[0];
  });
  return tokenIn(found);
};
const login = (email: string, secret: string) =>
  clientOf(system).call('POST', '/auth/login', { email, password: secret });

describe('an e-mail address', () => {
  it('is confirmed with the token that was mailed to it, once', async () => {
    const ada = await registered(system, 'verify-ada');
    expect((await ada.ok('GET', '/me')).emailVerified).toBe(false);
    const token = tokenIn((await mailsTo(ada.email))[0]);
    expect(await clientOf(system).ok('POST', '/auth/email/verify', { token })).toMatchObject({ id: ada.id });
    expect((await ada.ok('GET', '/me')).emailVerified).toBe(true);
    expect(await clientOf(system).call('POST', '/auth/email/verify', { token })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_TOKEN' },
    });
  });

  it('is mailed once for a registration that is repeated with its Idempotency-Key', async () => {
    const body = { email: 'twice@example.test', password, displayName: 'Twice' };
    const headers = { 'idempotency-key': 'register-twice' };
    await clientOf(system).ok('POST', '/auth/register', body, { headers });
    await clientOf(system).ok('POST', '/auth/register', body, { headers });
    expect(await mailsTo('twice@example.test')).toHaveLength(1);
  });

  it('can be changed: the new one is unverified and signs in, the old one becomes free', async () => {
    const eve = await registered(system, 'change-eve');
    await eve.ok('PATCH', '/me', { email: 'Eve.New@example.test' });
    expect(await eve.ok('GET', '/me')).toMatchObject({ email: 'Eve.New@example.test', emailVerified: false });
    expect((await login('eve.new@example.test', password)).status).toBe(200);
    expect((await login(eve.email, password)).status).toBe(401);
    expect((await mailsTo(eve.email))[0]?.subject).toBe('Your e-mail address was changed');
    const token = tokenIn((await mailsTo('Eve.New@example.test'))[0]);
    await clientOf(system).ok('POST', '/auth/email/verify', { token });
    expect((await eve.ok('GET', '/me')).emailVerified).toBe(true);
    await system.until('the old address is free', async () => {
      const body = { email: eve.email, password, displayName: 'Somebody else' };
      return (await clientOf(system).call('POST', '/auth/register', body)).status === 201;
    });
  });

  it('of somebody else is refused', async () => {
    const [one, two] = [await registered(system, 'taken-one'), await registered(system, 'taken-two')];
    expect(await one.call('PATCH', '/me', { email: two.email })).toMatchObject({
      status: 409,
      body: { code: 'EMAIL_TAKEN' },
    });
    expect((await one.ok('GET', '/me')).email).toBe(one.email);
  });

  it('that was mailed a token before it was changed is not verified by it', async () => {
    const max = await registered(system, 'stale-max');
    const token = tokenIn((await mailsTo(max.email))[0]);
    await max.ok('PATCH', '/me', { email: 'max.new@example.test' });
    expect((await clientOf(system).call('POST', '/auth/email/verify', { token })).body.code).toBe('LINK_EXPIRED');
    expect((await max.ok('GET', '/me')).emailVerified).toBe(false);
  });
});

describe('a name', () => {
  it('is changed, and shows at once', async () => {
    const ada = await registered(system, 'name-ada');
    await ada.ok('PATCH', '/me', { displayName: 'Ada King' });
    expect((await ada.ok('GET', '/me')).displayName).toBe('Ada King');
  });
  it('change that names nothing is refused', async () => {
    const ada = await registered(system, 'name-nothing');
    expect((await ada.call('PATCH', '/me', {})).status).toBe(400);
  });
});

describe('a forgotten password', () => {
  it('is set anew with the mailed token, once; all sessions end', async () => {
    const ada = await registered(system, 'forgot-ada');
    const token = await resetToken(ada.email);
    const reset = { token, password: other };
    expect((await clientOf(system).call('POST', '/auth/password/reset', reset)).status).toBe(204);
    expect((await ada.call('GET', '/me')).status).toBe(401);
    expect((await login(ada.email, password)).status).toBe(401);
    expect((await login(ada.email, other)).status).toBe(200);
    expect((await clientOf(system).call('POST', '/auth/password/reset', reset)).body.code).toBe('INVALID_TOKEN');
  });

  it('is answered the same for an address that nobody has', async () => {
    const ada = await registered(system, 'same-ada');
    const [known, unknown] = await Promise.all(
      [ada.email, 'nobody@example.test'].map((email) =>
        clientOf(system).call('POST', '/auth/password/forgot', { email }),
      ),
    );
    expect(known).toMatchObject({ status: 202, body: {} });
    expect({ status: unknown?.status, body: unknown?.body }).toEqual({ status: known?.status, body: known?.body });
  });

  it('sends three mails at most in the hour that a token is good', async () => {
    const ada = await registered(system, 'flood-ada');
    for (let n = 1; n <= 3; n++) await resetToken(ada.email, n);
    for (let n = 0; n < 3; n++) await clientOf(system).ok('POST', '/auth/password/forgot', { email: ada.email });
    await system.clock.advance(1_000);
    expect((await mailsTo(ada.email)).filter(({ subject }) => subject === 'Set a new password')).toHaveLength(3);
  });
});

describe('a password', () => {
  it('is changed by who knows the old one; the other sessions end', async () => {
    const here = await registered(system, 'password-ada');
    const there = await signIn(system, here.email);
    const wrong = { oldPassword: 'not the passphrase', newPassword: other };
    expect((await here.call('PUT', '/me/password', wrong)).body.code).toBe('INVALID_CREDENTIALS');
    const change = { oldPassword: password, newPassword: other };
    expect((await here.call('PUT', '/me/password', change)).status).toBe(204);
    expect((await here.call('GET', '/me')).status).toBe(200);
    expect((await there.call('GET', '/me')).status).toBe(401);
    expect((await login(here.email, other)).status).toBe(200);
  });
});

describe('sessions', () => {
  it('are listed, and ended one by one', async () => {
    const here = await registered(system, 'sessions-ada');
    const there = await signIn(system, here.email);
    const { items } = await here.ok('GET', '/me/sessions');
    expect(items).toMatchObject([{ current: true }, { current: false }]);
    const id = Array.isArray(items) ? items[1].id : undefined;
    expect((await here.call('DELETE', `/me/sessions/${id}`)).status).toBe(204);
    expect((await there.call('GET', '/me')).status).toBe(401);
    expect((await here.call('DELETE', `/me/sessions/${id}`)).status).toBe(404);
  });
  it('of somebody else are not there', async () => {
    const [ada, eve] = [await registered(system, 'sessions-a'), await registered(system, 'sessions-e')];
    const { items } = await eve.ok('GET', '/me/sessions');
    const id = Array.isArray(items) ? items[0].id : undefined;
    expect((await ada.call('DELETE', `/me/sessions/${id}`)).status).toBe(404);
    expect((await eve.call('GET', '/me')).status).toBe(200);
  });
});

it('the outbox is the operator’s alone, newest first, page by page', async () => {
  const ada = await registered(system, 'outbox-ada');
  expect((await ada.call('GET', '/operator/outbox')).status).toBe(403);
  const first = await operator.ok('GET', '/operator/outbox?limit=1');
  const second = await operator.ok('GET', `/operator/outbox?limit=1&cursor=${String(first.nextCursor)}`);
  expect(first.items).toMatchObject([{ to: ada.email }]);
  expect(second.items).not.toEqual(first.items);
});
