import { beforeEach, describe, expect, it } from 'vitest';
import { licenseDecider } from '../../domain/license/license.ts';
import { keyedHash, type Market, openMarket } from '../products/market.test.ts';
import { hashLicenseKey, licenseKey } from './license-key.ts';

let market: Market;
let owner: string;
let id: string;
let key: string;

beforeEach(async () => {
  market = await openMarket();
  owner = market.random.uuid();
  id = market.random.uuid();
  key = licenseKey(keyedHash, id);
  const { random, handling, context, clock } = market;
  const facts = { orderId: random.uuid(), lineId: random.uuid(), productId: random.uuid(), vendorId: random.uuid() };
  const expiresAt = new Date(clock.now() + 86_400_000).toISOString();
  const terms = { ownerId: owner, title: 'Report', tierId: 'standard', activationLimit: 3, expiresAt };
  await handling.handle(
    licenseDecider,
    id,
    { type: 'IssueLicense', licenseId: id, keyHash: hashLicenseKey(key), ...facts, ...terms },
    context(),
  );
});

type Who = { as?: string; key?: string };
const activate = (body: object, { as, ...rest }: Who = { as: `customer:${owner}` }, license = id) =>
  market.call('POST', `/licenses/${license}/activations`, { ...(as === undefined ? {} : { as }), ...rest, body });
const deactivate = (machine: string, as = `customer:${owner}`) =>
  market.call('DELETE', `/licenses/${id}/activations/${encodeURIComponent(machine)}`, { as });
const machines = async () => {
  const { state } = await market.handling.load(licenseDecider, id);
  return state.status === 'none' ? [] : state.activations.map(({ machine }) => machine);
};

describe('activating a machine', () => {
  it('is for the owner, and the same machine again is not a second one', async () => {
    expect(await activate({ machine: 'laptop', name: 'My laptop' })).toMatchObject({
      status: 201,
      json: { id, stream: `license-${id}`, revision: '1' },
    });
    expect(await activate({ machine: ' laptop ' })).toMatchObject({ status: 201, json: { revision: '1' } });
    expect(await machines()).toEqual(['laptop']);
  });

  it('is for whoever has the key, without a session or with another’s', async () => {
    expect((await activate({ machine: 'm1', key }, {})).status).toBe(201);
    expect(
      (await activate({ machine: 'm2', key: key.toLowerCase() }, { as: `customer:${market.random.uuid()}` })).status,
    ).toBe(201);
    expect(await machines()).toEqual(['m1', 'm2']);
  });

  it('is for nobody else', async () => {
    const other = licenseKey(keyedHash, market.random.uuid());
    const stranger = { as: `customer:${market.random.uuid()}` };
    expect((await activate({ machine: 'm' }, {})).status).toBe(401);
    expect((await activate({ machine: 'm', key: other }, {})).status).toBe(404);
    expect((await activate({ machine: 'm' }, stranger)).status).toBe(404);
    expect((await activate({ machine: 'm', key: other }, stranger)).status).toBe(404);
    expect((await activate({ machine: 'm', key }, {}, market.random.uuid())).status).toBe(404);
    expect((await activate({ machine: 'm' }, undefined, market.random.uuid())).status).toBe(404);
    expect(await machines()).toEqual([]);
  });

  it('that was answered before is answered again to those only who may do it', async () => {
    const first = await activate({ machine: 'm1', key }, { key: 'k1' });
    const again = await activate({ machine: 'm1', key }, { key: 'k1' });
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await activate({ machine: 'm1' }, { key: 'k1' })).status).toBe(401);
  });

  it('by twenty machines at once succeeds exactly as often as the limit says', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => activate({ machine: `m${i}` })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status, code }) => status === 409 && code === 'ACTIVATION_LIMIT')).toHaveLength(17);
    expect(await machines()).toHaveLength(3);
  });

  it('is refused once the licence has expired', async () => {
    await market.clock.advance(86_400_000);
    expect((await activate({ machine: 'm' })).code).toBe('LICENSE_STATE');
  });

  it.each([
    ['machine', {}],
    ['machine', { machine: ' ' }],
    ['machine', { machine: 'x'.repeat(201) }],
    ['name', { machine: 'm', name: 'x'.repeat(101) }],
    ['key', { machine: 'm', key: 1 }],
    ['ownerId', { machine: 'm', ownerId: 'me' }],
  ])('with a bad %s is a 400 that names it', async (path, body) => {
    expect(await activate(body)).toMatchObject({ status: 400, json: { errors: [{ path }] } });
  });
});

describe('taking a machine off', () => {
  it('is for the owner, and gives its place free', async () => {
    for (const machine of ['a/b c', 'm2', 'm3']) await activate({ machine });
    expect((await deactivate('m2', `customer:${market.random.uuid()}`)).status).toBe(404);
    expect((await deactivate('a/b c')).status).toBe(200);
    expect(await deactivate('a/b c')).toMatchObject({ status: 200, json: { revision: '4' } });
    expect(await machines()).toEqual(['m2', 'm3']);
    expect((await activate({ machine: 'm4' })).status).toBe(201);
  });
});
