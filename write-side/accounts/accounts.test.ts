import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { buildGateway } from '../../gateway/app.ts';
import { localCounters } from '../../infra/cache/local-counters.ts';
import { type ManualClock, manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import type { Mailer } from '../../infra/mail/port.ts';
import type { Random } from '../../infra/random/port.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { accessTokens } from '../../infra/secrets/access-tokens.ts';
import { argon2Hasher } from '../../infra/secrets/argon2.ts';
import { loadKeyedHash } from '../../infra/secrets/keyed-hash.ts';
import { personKeys } from '../../infra/secrets/person-keys.ts';
import type { SecretStore } from '../../infra/secrets/port.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import { commandHandling, type Handling } from '../handling/handling.ts';
import { administrators } from './administrators.ts';
import { apiKeys } from './api-keys.ts';
import { authenticator } from './authenticate.ts';
import { openCredentials } from './credentials.ts';
import { ensureFirstAdministrator } from './first-administrator.ts';
import { jwksRoute } from './jwks-route.ts';
import { accountRoutes } from './routes.ts';
import { sessions } from './sessions.ts';

const password = 'correct horse battery';
const minute = 60_000;
const ada = { email: 'ada@example.com', password, displayName: 'Ada Lovelace' };
const root = { email: 'root@example.com', password };

let clock: ManualClock;
let random: Random;
let store: EventStore;
let secrets: SecretStore;

/** Called before each durable effect: handling a command, storing a password. */
type BeforeEffect = () => void | Promise<void>;

/** A process over the same files: fresh memory, everything else as the last one left it. */
const start = async (beforeEffect: BeforeEffect = () => {}) => {
  const keys = personKeys(secrets, random);
  const codec = eventCodec({ keys, random });
  const real = commandHandling({ store, codec, clock, random });
  const handling: Handling = {
    ...real,
    handle: async (...command) => {
      await beforeEffect();
      return real.handle(...command);
    },
  };
  const watched: SecretStore = {
    ...secrets,
    put: async (kind, ...rest) => {
      if (kind === 'password') await beforeEffect();
      return secrets.put(kind, ...rest);
    },
  };
  const hasher = argon2Hasher({ random, params: { memory: 8, passes: 1, parallelism: 1 } });
  const tokens = await accessTokens({ secrets, clock, random, issuer: 'market' });
  const credentials = await openCredentials({ secrets: watched, hasher });
  const keyedHash = await loadKeyedHash(secrets, random);
  const all = sessions({ secrets, tokens, clock, random });
  const mail: Mailer = { send: async () => {} };
  const deps = {
    ...{ handling, clock, random, keyedHash, credentials, sessions: all, store, codec, secrets, mail },
    administrators: administrators({ store, codec, handling }),
    apiKeys: apiKeys({ handling, secrets, clock, random }),
    secureCookies: false,
  };
  const app = await buildGateway({
    services: [async (service) => accountRoutes(service, deps), async (service) => jwksRoute(service, tokens)],
    authenticate: authenticator({ tokens, sessions: all, handling, clock }),
    counters: localCounters(clock),
    clock,
    random,
    log: pino({ level: 'silent' }),
    ratePerMinute: undefined,
    checkAnswers: true,
  });
  onTestFinished(() => app.close());
  return { app, deps };
};

let app: FastifyInstance;
let deps: Awaited<ReturnType<typeof start>>['deps'];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'accounts-'));
  clock = manualClock(1_764_000_000_000);
  random = seededRandom(3, clock);
  store = openSqliteEventStore({ file: join(folder, 'log.sqlite'), clock, durable: false });
  secrets = openSqliteSecrets({ file: join(folder, 'secrets.sqlite'), masterKey: new Uint8Array(32), random });
  onTestFinished(async () => {
    await store.close();
    await secrets.close();
    await rm(folder, { recursive: true });
  });
  ({ app, deps } = await start());
});

type Call = { body?: object; token?: string | undefined; key?: string; ifMatch?: string };
const call = async (
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  { body, token, key, ifMatch }: Call = {},
  to = app,
) => {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  };
  const answer = await to.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  const json = answer.body === '' ? undefined : answer.json();
  return { status: answer.statusCode, code: json?.code, headers: answer.headers, json };
};
const register = (person: object = ada, rest: Call = {}, to = app) =>
  call('POST', '/auth/register', { body: person, ...rest }, to);
const login = (email = ada.email, pw = password, to = app) =>
  call('POST', '/auth/login', { body: { email, password: pw } }, to);
const refresh = (refreshToken: string) => call('POST', '/auth/refresh', { body: { refreshToken } });
const tokenOf = async (email: string): Promise<string> => (await login(email)).json.accessToken;
const me = (token?: string) => call('GET', '/me', { token });
const setRoles = (token: string, id: string, ...roles: string[]) =>
  call('PUT', `/accounts/${id}/roles`, { token, body: { roles } });
const asRoot = async (): Promise<string> => {
  await ensureFirstAdministrator(deps, root);
  return tokenOf(root.email);
};

const typesInLog = async (): Promise<string[]> => {
  const types: string[] = [];
  for await (const batch of store.readAll()) types.push(...batch.map((event) => event.type));
  return types;
};

describe('registering', () => {
  it('makes an account that can sign in, whatever the case of the address', async () => {
    const made = await register({ ...ada, email: ' Ada@Example.com ' });
    expect(made).toMatchObject({ status: 201, json: { stream: `account-${made.json.id}`, revision: '0' } });
    expect(made.headers.etag).toBe('"0"');
    const token = await tokenOf('ADA@example.COM');
    const mine = await me(token);
    expect(mine.json).toEqual({
      id: made.json.id,
      email: 'Ada@Example.com',
      emailVerified: false,
      displayName: 'Ada Lovelace',
      roles: ['customer'],
    });
    expect(mine.headers).toMatchObject({ etag: '"0"', 'cache-control': 'no-store' });
    expect(await typesInLog()).toEqual(['NameHeld', 'AccountRegistered', 'NameConfirmed']);
  });

  it('of one address by twenty at once succeeds for one', async () => {
    const people = Array.from({ length: 20 }, (_, i) => ({ ...ada, displayName: `Ada ${i}` }));
    const answers = await Promise.all(people.map((person) => register(person)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'EMAIL_TAKEN')).toHaveLength(19);
    expect(await typesInLog()).toEqual(['NameHeld', 'AccountRegistered', 'NameConfirmed']);
  });

  it('twenty times with one key is one account and one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(ada, { key: 'k1' })));
    expect(new Set(answers.map(({ status, json }) => `${status} ${JSON.stringify(json)}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await register({ ...ada, password: 'another password' }, { key: 'k1' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await login()).status).toBe(200);
  });

  it.each([
    ['email', { email: 'ada' }],
    ['password', { password: 'elevenchars' }],
    ['password', { password: 'x'.repeat(201) }],
    ['displayName', { displayName: '  ' }],
    ['displayName', { displayName: 'x'.repeat(81) }],
    ['roles', { roles: ['admin'] }],
  ])('is refused for a bad %s, which is named', async (path, change) => {
    const refused = await register({ ...ada, ...change });
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT', json: { errors: [{ path }] } });
    expect(await typesInLog()).toEqual([]);
  });
});

const crash = new Error('the process died');
/** Dies before the n-th durable effect (from 0) and does nothing more. */
const dyingBefore = (n: number): BeforeEffect => {
  let effects = 0;
  return () => {
    if (effects++ >= n) throw crash;
  };
};
// The address is held, the password stored, the account made, the address confirmed.
const crashes = [0, 1, 2, 3].map((effects) => ({ effects }));

describe.each(crashes)('a registration that crashed after $effects of 4 effects', ({ effects }) => {
  beforeEach(async () => {
    const dying = await start(dyingBefore(effects));
    expect((await register(ada, { key: 'k1' }, dying.app)).status).toBe(500);
    ({ app, deps } = await start());
  });
  const made = effects === 3;

  it('is finished by the same key', async () => {
    const again = await register(ada, { key: 'k1' });
    expect(again.status).toBe(201);
    expect(again.headers['idempotent-replayed']).toBe(made ? 'true' : undefined);
    expect((await me(await tokenOf(ada.email))).json.id).toBe(again.json.id);
  });

  it('is finished by the same key also after the hold ran out', async () => {
    await clock.advance(2 * minute);
    expect((await register(ada, { key: 'k1' })).status).toBe(201);
    expect((await register({ ...ada, displayName: 'Eve' })).code).toBe('EMAIL_TAKEN');
    const types = await typesInLog();
    expect(types.filter((type) => type === 'AccountRegistered')).toHaveLength(1);
    expect(types.at(-1)).toBe('NameConfirmed');
    expect((await login()).status).toBe(200);
  });

  it('keeps the address for a minute, then only if the account was made', async () => {
    const other = { ...ada, password: 'another password' };
    expect((await register(other)).status).toBe(effects === 0 ? 201 : 409);
    await clock.advance(minute + 1);
    if (effects > 0) expect((await register(other)).status).toBe(made ? 409 : 201);
    expect((await login(ada.email, made ? password : other.password)).status).toBe(200);
    expect((await typesInLog()).filter((type) => type === 'AccountRegistered')).toHaveLength(1);
    expect((await typesInLog()).at(-1)).toBe('NameConfirmed');
  });
});

it('a registration that took longer than its hold makes no account', async () => {
  let effects = 0;
  const slow = await start(async () => {
    // While the password is stored.
    if (effects++ === 1) await clock.advance(minute - 9_999);
  });
  expect(await register(ada, {}, slow.app)).toMatchObject({ status: 503, code: 'CONTENTION' });
  expect(await typesInLog()).toEqual(['NameHeld']);
});

describe('signing in', () => {
  beforeEach(async () => {
    await register();
  });

  it('gives tokens that no cache keeps', async () => {
    const { status, json, headers } = await login();
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(['accessToken', 'expiresIn', 'refreshToken', 'tokenType']);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('with a wrong password or an unknown address is refused alike', async () => {
    const [wrong, unknown] = [await login(ada.email, 'wrong password'), await login('eve@example.com')];
    expect(wrong).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
    expect({ ...unknown.json, requestId: '' }).toEqual({ ...wrong.json, requestId: '' });
  });

  it('ends with the logout, access and refresh tokens at once; other sessions go on', async () => {
    const [phone, desk] = [(await login()).json, (await login()).json];
    expect((await me(phone.accessToken)).status).toBe(200);
    expect((await call('POST', '/auth/logout', { token: phone.accessToken })).status).toBe(204);
    expect((await me(phone.accessToken)).code).toBe('UNAUTHENTICATED');
    expect((await refresh(phone.refreshToken)).code).toBe('UNAUTHENTICATED');
    expect((await me(desk.accessToken)).status).toBe(200);
  });

  it('is prolonged by a refresh; a used token ends the whole family', async () => {
    const first = (await login()).json;
    const second = await refresh(first.refreshToken);
    expect(second).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect((await me(second.json.accessToken)).status).toBe(200);
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, code: 'TOKEN_REUSED' });
    expect((await refresh(second.json.refreshToken)).code).toBe('UNAUTHENTICATED');
    expect((await me(second.json.accessToken)).code).toBe('UNAUTHENTICATED');
  });

  it('ends when the access token expires, also one that was used before', async () => {
    const { accessToken } = (await login()).json;
    await clock.advance(15 * minute - 1);
    expect((await me(accessToken)).status).toBe(200);
    await clock.advance(1);
    expect((await me(accessToken)).code).toBe('UNAUTHENTICATED');
  });

  it('is needed where the table says so', async () => {
    expect((await me()).status).toBe(401);
    expect((await call('POST', '/auth/logout')).status).toBe(401);
    expect((await me('nonsense')).status).toBe(401);
  });

  it('names unknown fields and parameters', async () => {
    const token = await tokenOf(ada.email);
    expect((await call('GET', '/me?x=1', { token })).json.errors).toMatchObject([{ path: 'x' }]);
    expect((await call('POST', '/auth/refresh', { body: { token } })).status).toBe(400);
  });
});

describe('roles', () => {
  let id: string;
  beforeEach(async () => {
    await ensureFirstAdministrator(deps, root);
    id = (await register()).json.id;
  });

  it('given come with the next token', async () => {
    const before = (await login()).json;
    const given = await setRoles(await asRoot(), id, 'auditor');
    expect(given).toMatchObject({ status: 200, json: { id, revision: '1' } });
    expect((await setRoles(before.accessToken, id, 'admin')).status).toBe(403);
    const after = (await refresh(before.refreshToken)).json;
    expect((await me(before.accessToken)).json.roles).toEqual(['customer', 'auditor']);
    expect((await deps.sessions.list(id)).length).toBe(1);
    expect((await me(after.accessToken)).status).toBe(200);
  });

  it('taken away end the tokens at once; a refresh goes on without the role', async () => {
    const admin = await asRoot();
    await setRoles(admin, id, 'admin');
    const hers = (await login()).json;
    expect((await setRoles(hers.accessToken, id, 'admin', 'auditor')).status).toBe(200);
    await setRoles(admin, id, 'auditor');
    expect((await me(hers.accessToken)).code).toBe('UNAUTHENTICATED');
    const after = (await refresh(hers.refreshToken)).json;
    expect((await setRoles(after.accessToken, id, 'admin')).status).toBe(403);
  });

  it('are an administrator’s to give, to an account that exists', async () => {
    const admin = await asRoot();
    expect((await call('PUT', `/accounts/${id}/roles`, { body: { roles: [] } })).status).toBe(401);
    expect((await setRoles(await tokenOf(ada.email), id, 'admin')).status).toBe(403);
    expect((await setRoles(admin, random.uuid(), 'auditor')).status).toBe(404);
    expect((await setRoles(admin, random.uuid())).status).toBe(404);
    expect((await setRoles(admin, id, 'king')).json.errors).toMatchObject([{ path: 'roles.0' }]);
    expect((await setRoles(admin, 'x', 'admin')).status).toBe(400);
    const stale = await call('PUT', `/accounts/${id}/roles`, { token: admin, body: { roles: [] }, ifMatch: '"7"' });
    expect(stale.code).toBe('REVISION_MISMATCH');
  });

  it('leave one administrator', async () => {
    const admin = await asRoot();
    const rootId = (await me(admin)).json.id;
    expect(await setRoles(admin, rootId, 'auditor')).toMatchObject({ status: 409, code: 'LAST_ADMIN' });
    expect((await setRoles(admin, rootId, 'auditor', 'admin')).status).toBe(200);
  });

  it('can be given up by an administrator who is not the last, also after a restart', async () => {
    const admin = await asRoot();
    await setRoles(admin, id, 'admin');
    ({ app, deps } = await start());
    expect((await setRoles(await tokenOf(ada.email), id)).status).toBe(200);
  });
});

describe('the first administrator', () => {
  it('can sign in, and is made once', async () => {
    expect((await me(await asRoot())).json).toMatchObject({ email: root.email, roles: ['customer', 'admin'] });
    const before = await typesInLog();
    ({ app, deps } = await start());
    await ensureFirstAdministrator(deps, { ...root, password: 'another password' });
    expect(await typesInLog()).toEqual(before);
    expect((await login(root.email)).status).toBe(200);
  });

  it.each(crashes)(
    'is made by the next start after one that crashed after $effects of 4 effects',
    async ({ effects }) => {
      const dying = await start(dyingBefore(effects));
      await expect(ensureFirstAdministrator(dying.deps, root)).rejects.toThrow(crash);
      ({ app, deps } = await start());
      expect((await me(await asRoot())).json.roles).toEqual(['customer', 'admin']);
      expect((await typesInLog()).filter((type) => type === 'AccountRegistered')).toHaveLength(1);
    },
  );

  it('is not made of somebody’s account, nor beside any other', async () => {
    await register({ ...ada, email: root.email });
    await ensureFirstAdministrator(deps, { ...root, email: 'second@example.com' });
    expect((await me(await asRoot())).json.roles).toEqual(['customer']);
    expect((await login('second@example.com')).status).toBe(401);
  });
});

it('shows the public keys of its tokens', async () => {
  const keys = await call('GET', '/.well-known/jwks.json');
  expect(keys.json.keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }]);
  expect(keys.json.keys[0]).not.toHaveProperty('d');
});

it('is described', async () => {
  const { paths } = (await call('GET', '/openapi.json')).json;
  expect(paths['/auth/register'].post.requestBody.content['application/json'].schema.required).toEqual([
    'email',
    'password',
    'displayName',
  ]);
  expect(Object.keys(paths).sort()).toEqual(
    expect.arrayContaining(['/accounts/{id}/roles', '/auth/login', '/auth/logout', '/auth/refresh', '/me']),
  );
});
