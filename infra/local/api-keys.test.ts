import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  orderOf,
  type Person,
  published,
  registered,
  signInAdministrator,
  withRole,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

const dayMs = 24 * 3_600_000;
let system: TestSystem;
let product: { readonly id: string; readonly amount: number };

beforeAll(async () => {
  system = await startTestSystem();
  product = await published(system, await approvedVendor(system, 'shop'));
});
afterAll(() => system.dispose());

type Made = { readonly id: string; readonly key: string };
const makeKey = async (person: Client, scopes: readonly string[], more: object = {}): Promise<Made> => {
  const made = await person.ok('POST', '/api-keys', { name: 'A job', scopes, ...more });
  return { id: String(made.id), key: String(made.key) };
};

/** Calls as whoever holds the key. */
const withKey = ({ key }: Pick<Made, 'key'>) => ({
  call: async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) => {
    const reply = await system.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { 'x-api-key': key, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const body: Record<string, unknown> = reply.body === '' ? {} : reply.json();
    return { status: reply.statusCode, body };
  },
});
const keysOf = async (person: Client): Promise<readonly Record<string, unknown>[]> => {
  const { items } = await person.ok('GET', '/api-keys');
  return Array.isArray(items) ? items : [];
};

describe('an API key', () => {
  it('speaks for its account, and is shown once', async () => {
    const ada = await registered(system, 'ada');
    const made = await makeKey(ada, ['read']);
    expect(made.key).toMatch(new RegExp(`^ap_${made.id}_[\\w-]{43}$`));
    expect((await withKey(made).call('GET', '/me')).body).toMatchObject({ id: ada.id, email: ada.email });
    const keys = await keysOf(ada);
    expect(keys).toMatchObject([{ id: made.id, name: 'A job', scopes: ['read'], lastUsedOn: '2026-11-21' }]);
    expect(JSON.stringify(keys)).not.toContain(made.key.slice(-43));
  });

  it('that is not ours, or has another secret, is nobody', async () => {
    const made = await makeKey(await registered(system, 'forged'), ['read']);
    const forged = `${made.key.slice(0, -43)}${'A'.repeat(43)}`;
    for (const key of ['ap_', 'nonsense', forged, made.key.slice(0, -1)])
      expect((await withKey({ key }).call('GET', '/me')).status).toBe(401);
  });

  it('comes alone: with a token beside it the request is refused', async () => {
    const ada = await registered(system, 'both');
    const made = await makeKey(ada, ['read']);
    const both = await withKey(made).call('GET', '/me', undefined, { authorization: `Bearer ${ada.token}` });
    expect(both).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });

  it('reads with `read`, and commands only where it has the scope', async () => {
    const ada = await registered(system, 'scoped');
    const [reader, buyer] = [await makeKey(ada, ['read']), await makeKey(ada, ['orders'])];
    const refused = { status: 403, body: { code: 'SCOPE_MISSING' } };
    expect((await withKey(reader).call('GET', '/orders')).status).toBe(200);
    expect(await withKey(reader).call('POST', '/orders', orderOf([product]))).toMatchObject(refused);
    expect((await withKey(buyer).call('POST', '/orders', orderOf([product]))).status).toBe(202);
    expect(await withKey(buyer).call('GET', '/orders')).toMatchObject(refused);
    expect((await withKey(buyer).call('GET', '/products')).status).toBe(200);
  });

  it('has a guarded role only where its account has it and it has the scope', async () => {
    const auditor = await withRole(system, 'auditor', 'auditor');
    const eve = await registered(system, 'no-auditor');
    const events = (made: Made) => withKey(made).call('GET', '/audit/events');
    expect((await events(await makeKey(auditor, ['auditor']))).status).toBe(200);
    expect((await events(await makeKey(auditor, ['read']))).status).toBe(403);
    expect((await events(await makeKey(eve, ['read', 'auditor']))).status).toBe(403);
  });

  it('manages no keys, sessions, passwords, roles or persons, whatever its scopes', async () => {
    const admin = await signInAdministrator(system);
    const made = withKey(await makeKey(admin, ['read', 'products', 'orders', 'licenses', 'money', 'admin']));
    const password = 'a long enough passphrase 99';
    const refused = [
      await made.call('GET', '/api-keys'),
      await made.call('POST', '/api-keys', { name: 'More', scopes: ['read'] }),
      await made.call('DELETE', `/api-keys/${product.id}`),
      await made.call('GET', '/me/sessions'),
      await made.call('DELETE', `/me/sessions/${product.id}`),
      await made.call('PUT', '/me/password', { oldPassword: password, newPassword: password }),
      await made.call('PATCH', '/me', { displayName: 'Mallory' }),
      await made.call('DELETE', '/me'),
      await made.call('POST', '/auth/logout'),
      await made.call('PUT', `/accounts/${product.id}/roles`, { roles: [] }),
    ];
    for (const answer of refused) expect(answer).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
  });
});

describe('an API key ends', () => {
  const ended = async (made: Made) => expect((await withKey(made).call('GET', '/me')).status).toBe(401);

  it('when it is taken back, at once', async () => {
    const ada = await registered(system, 'revoked');
    const made = await makeKey(ada, ['read']);
    await ada.ok('DELETE', `/api-keys/${made.id}`);
    await ended(made);
    expect(await keysOf(ada)).toEqual([]);
    expect((await ada.call('DELETE', `/api-keys/${made.id}`)).status).toBe(404);
  });

  it('not by the hand of somebody else', async () => {
    const [ada, eve] = [await registered(system, 'kept'), await registered(system, 'thief')];
    const made = await makeKey(ada, ['read']);
    expect((await eve.call('DELETE', `/api-keys/${made.id}`)).status).toBe(404);
    expect((await withKey(made).call('GET', '/me')).status).toBe(200);
  });

  it('when a right of its account is taken away', async () => {
    const person: Person = await withRole(system, 'demoted', 'auditor');
    const made = await makeKey(person, ['read']);
    const admin = await signInAdministrator(system);
    await admin.ok('PUT', `/accounts/${person.id}/roles`, { roles: [] });
    await ended(made);
  });

  it('when its account is erased', async () => {
    const ada = await registered(system, 'erased');
    const made = await makeKey(ada, ['read']);
    expect((await ada.call('DELETE', '/me')).status).toBe(202);
    await ended(made);
  });

  it('at its time', async () => {
    const ada = await registered(system, 'expiring');
    const expiresAt = new Date(system.clock.now() + 60_000).toISOString();
    const made = await makeKey(ada, ['read'], { expiresAt });
    await system.clock.advance(59_999);
    expect((await withKey(made).call('GET', '/me')).status).toBe(200);
    await system.clock.advance(1);
    await ended(made);
  });
});

describe('making an API key', () => {
  it('asks for scopes that there are, and an end within a year', async () => {
    const ada = await registered(system, 'making');
    const at = (ms: number) => new Date(system.clock.now() + ms).toISOString();
    const wrong = [
      { name: 'x', scopes: [] },
      { name: 'x', scopes: ['everything'] },
      { name: '', scopes: ['read'] },
      { name: 'x', scopes: ['read'], expiresAt: at(-1) },
      { name: 'x', scopes: ['read'], expiresAt: at(367 * dayMs) },
      { name: 'x', scopes: ['read'], secret: 'mine' },
    ];
    for (const body of wrong) expect((await ada.call('POST', '/api-keys', body)).status).toBe(400);
    expect(await keysOf(ada)).toEqual([]);
  });

  it('is for signed-in people', async () => {
    const reply = await system.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      payload: { name: 'x', scopes: ['read'] },
    });
    expect(reply.statusCode).toBe(401);
  });

  it('comes to an end at twenty', async () => {
    const ada = await registered(system, 'greedy');
    for (let n = 0; n < 20; n++) await makeKey(ada, ['read']);
    expect(await ada.call('POST', '/api-keys', { name: 'x', scopes: ['read'] })).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_API_KEYS' },
    });
  });

  it('leaves no secret in the log, only the fact', async () => {
    const ada = await registered(system, 'facts');
    const { key, id } = await makeKey(ada, ['read']);
    const stored: string[] = [];
    for await (const batch of system.ports.store.readStream(`account-${ada.id}`))
      for (const { type, data } of batch) stored.push(`${type} ${Buffer.from(data).toString()}`);
    const text = stored.join('\n');
    expect(text).toContain(id);
    expect(text).not.toContain(key.slice(-43));
    expect(text).not.toContain('A job');
  });
});
