import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { accountDecider } from '../../domain/account/account.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import { buildGateway } from '../../gateway/app.ts';
import { localCounters } from '../../infra/cache/local-counters.ts';
import { type ManualClock, manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import type { Random } from '../../infra/random/port.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { commandHandling, type Handling } from '../handling/handling.ts';
import { vendorRoutes } from './routes.ts';

const minute = 60_000;
const keyedHash = (_purpose: string, text: string) => createHash('sha256').update(text).digest();
const shop = { displayName: 'Blue Robot', country: 'DE', defaultCurrency: 'EUR' };

let clock: ManualClock;
let random: Random;
let store: EventStore;
let handling: Handling;
let app: FastifyInstance;

/** A process over the same log, with fresh memory. Tokens are `<role> <account id>`. */
const start = async (beforeCommand: () => void = () => {}) => {
  const real = commandHandling({ store, codec: eventCodec({ keys: oneKey, random }), clock, random });
  const watched: Handling = {
    ...real,
    handle: async (...command) => {
      beforeCommand();
      return real.handle(...command);
    },
  };
  const deps = { handling: watched, clock, random, keyedHash };
  const gateway = await buildGateway({
    services: [async (service) => vendorRoutes(service, deps)],
    authenticate: async (token) => {
      const [role = '', accountId = ''] = token.split(':');
      return { accountId, sessionId: 's', roles: ['customer', role] };
    },
    counters: localCounters(clock),
    clock,
    random,
    log: pino({ level: 'silent' }),
    ratePerMinute: undefined,
    checkAnswers: true,
  });
  onTestFinished(() => gateway.close());
  return { app: gateway, handling: real };
};

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vendors-'));
  clock = manualClock(1_764_000_000_000);
  random = seededRandom(4, clock);
  store = openSqliteEventStore({ file: join(folder, 'log.sqlite'), clock, durable: false });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  ({ app, handling } = await start());
});

type Call = { as?: string; key?: string; body?: object };
const call = async (method: 'POST' | 'PUT', url: string, { as, key, body }: Call, to = app) => {
  const headers = {
    ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  const answer = await to.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  const json = answer.json();
  return { status: answer.statusCode, code: json.code, headers: answer.headers, json };
};
const admin = 'admin:00000000-0000-7000-8000-000000000000';

const registered = async (): Promise<string> => {
  const accountId = random.uuid();
  const person = { accountId, email: 'x@example.com', emailHash: accountId, displayName: 'X' };
  const context = { commandId: random.uuid(), correlationId: accountId, actorId: 'anyone', actorRole: 'anyone' };
  await handling.handle(accountDecider, accountId, { type: 'RegisterAccount', ...person }, context);
  return accountId;
};
const found = (accountId: string, rest: Call = {}, to = app) =>
  call('POST', '/vendors', { as: `customer:${accountId}`, body: shop, ...rest }, to);
const vendorOf = async (id: string) => (await handling.load(vendorDecider, id)).state;
const slugOf = async (id: string) => vendorOf(id).then((vendor) => vendor.status !== 'none' && vendor.slug);
const countInLog = async (type: string): Promise<number> => {
  let count = 0;
  for await (const batch of store.readAll({ filter: { types: [type] } })) count += batch.length;
  return count;
};

describe('becoming a vendor', () => {
  it('makes a pending vendor that the account is linked to', async () => {
    const ada = await registered();
    const made = await found(ada);
    expect(made).toMatchObject({ status: 201, json: { stream: `vendor-${made.json.id}`, revision: '0' } });
    expect(await vendorOf(made.json.id)).toMatchObject({
      status: 'pending',
      ownerId: ada,
      slug: 'blue-robot',
      ...shop,
    });
    const account = await handling.load(accountDecider, ada);
    expect(account.state).toMatchObject({ vendorId: made.json.id, roles: ['vendor'] });
    expect(await countInLog('NameConfirmed')).toBe(1);
  });

  it('is once for an account, also of many attempts at the same moment', async () => {
    const ada = await registered();
    const attempts = ['A', 'A', 'B', 'C'].map((displayName) => found(ada, { body: { ...shop, displayName } }));
    const answers = await Promise.all(attempts);
    expect(answers.map(({ status, code }) => code ?? status).sort()).toEqual([
      201,
      'VENDOR_EXISTS',
      'VENDOR_EXISTS',
      'VENDOR_EXISTS',
    ]);
    expect((await found(ada)).code).toBe('VENDOR_EXISTS');
    expect(await countInLog('VendorRegistered')).toBe(1);
  });

  it('asked twenty times with one key gives one answer', async () => {
    const ada = await registered();
    const answers = await Promise.all(Array.from({ length: 20 }, () => found(ada, { key: 'k1' })));
    expect(new Set(answers.map(({ status, json }) => `${status} ${JSON.stringify(json)}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    const other = await found(ada, { key: 'k1', body: { ...shop, country: 'FR' } });
    expect(other).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('gives vendors of one name slugs of their own, also at the same moment', async () => {
    const accounts = [await registered(), await registered(), await registered()];
    const made = await Promise.all(accounts.map((accountId) => found(accountId)));
    const slugs = await Promise.all(made.map(({ json }) => slugOf(json.id)));
    expect(slugs.sort()).toEqual(['blue-robot', 'blue-robot-2', 'blue-robot-3']);
  });

  it.each([
    ['country', { country: 'de' }],
    ['country', { country: 'XX' }],
    ['defaultCurrency', { defaultCurrency: 'EUX' }],
    ['displayName', { displayName: ' ' }],
    ['displayName', { displayName: 'x'.repeat(121) }],
    ['slug', { slug: 'mine' }],
  ])('is refused for a bad %s, which is named', async (path, change) => {
    const refused = await found(await registered(), { body: { ...shop, ...change } });
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT', json: { errors: [{ path }] } });
    expect(await countInLog('AccountVendorLinked')).toBe(0);
  });

  it('is for accounts', async () => {
    expect((await call('POST', '/vendors', { body: shop })).status).toBe(401);
    expect((await found(random.uuid())).status).toBe(404);
  });
});

// The account is linked, the slug held, the vendor made, the slug confirmed.
describe.each([0, 1, 2, 3].map((effects) => ({ effects })))('a crash after $effects of 4 effects', ({ effects }) => {
  const made = effects === 3;
  let ada: string;
  beforeEach(async () => {
    ada = await registered();
    let commands = 0;
    const dying = await start(() => {
      if (commands++ >= effects) throw new Error('the process died');
    });
    expect((await found(ada, { key: 'k1' }, dying.app)).status).toBe(500);
    ({ app, handling } = await start());
  });

  it('is mended by the same key, with the same slug', async () => {
    const again = await found(ada, { key: 'k1' });
    expect(again.status).toBe(201);
    expect(await slugOf(again.json.id)).toBe('blue-robot');
    expect(await countInLog('VendorRegistered')).toBe(1);
  });

  it('is mended by any other attempt, unless the vendor was made', async () => {
    const again = await found(ada, { body: { ...shop, displayName: 'Red Robot' } });
    expect(again.code ?? again.status).toBe(made ? 'VENDOR_EXISTS' : 201);
    if (!made) expect(await slugOf(again.json.id)).toBe('red-robot');
  });

  it('keeps the slug for a minute, then only for a vendor that was made', async () => {
    await clock.advance(minute + 1);
    const bobs = await found(await registered());
    expect(await slugOf(bobs.json.id)).toBe(made ? 'blue-robot-2' : 'blue-robot');
    const adas = await found(ada, { key: 'k1' });
    expect(await slugOf(adas.json.id)).toBe(made ? 'blue-robot' : 'blue-robot-2');
    expect(await countInLog('NameConfirmed')).toBe(2);
  });
});

describe('a vendor', () => {
  let ada: string;
  let id: string;
  beforeEach(async () => {
    ada = await registered();
    id = (await found(ada)).json.id;
  });
  const decide = (what: string, body?: object, as = admin, vendorId = id) =>
    call('POST', `/vendors/${vendorId}/${what}`, { as, ...(body === undefined ? {} : { body }) });

  it('is approved, suspended and reinstated by an administrator', async () => {
    expect(await decide('approve')).toMatchObject({ status: 200, json: { id, revision: '1' } });
    expect((await decide('suspend', { reason: 'complaints' })).status).toBe(200);
    expect((await vendorOf(id)).status).toBe('suspended');
    expect((await decide('approve')).code).toBe('VENDOR_STATE');
    expect((await decide('reinstate', {})).status).toBe(200);
    expect((await vendorOf(id)).status).toBe('approved');
  });

  it.each(['approve', 'suspend', 'reinstate'])('is nobody else’s to %s', async (what) => {
    expect((await decide(what, undefined, `vendor:${ada}`)).status).toBe(403);
    expect((await call('POST', `/vendors/${id}/${what}`, {})).status).toBe(401);
    expect((await decide(what, undefined, admin, random.uuid())).status).toBe(404);
    expect((await decide(what, { why: 'x' })).json.errors).toMatchObject([{ path: 'why' }]);
  });

  it('sets its payout account, and no other vendor’s', async () => {
    const set = (as: string | undefined, body: object = { token: 'ba_ok' }, vendorId = id) =>
      call('PUT', `/vendors/${vendorId}/payout-account`, { ...(as === undefined ? {} : { as }), body });
    expect(await set(`vendor:${ada}`)).toMatchObject({ status: 200, json: { id, revision: '1' } });
    expect(await vendorOf(id)).toMatchObject({ payoutAccount: 'ba_ok' });
    expect((await set(`vendor:${await registered()}`)).status).toBe(404);
    expect((await set(`vendor:${ada}`, { token: 'ba_ok' }, random.uuid())).status).toBe(404);
    expect((await set(admin)).status).toBe(403);
    expect((await set(undefined)).status).toBe(401);
    expect((await set(`vendor:${ada}`, { token: 'a b' })).json.errors).toMatchObject([{ path: 'token' }]);
  });
});
