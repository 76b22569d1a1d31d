import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { event } from '../../domain/event/definition.ts';
import { manualClock } from '../clock/manual-clock.ts';
import type { NewEvent, StoredEvent } from '../event-store/port.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { personKeys } from '../secrets/person-keys.ts';
import type { PersonKeys } from '../secrets/port.ts';
import { openSqliteSecrets } from '../secrets/sqlite/open-sqlite-secrets.ts';
import type { DecodeMemory } from './decode.ts';
import { type Catalogue, eventCodec } from './event-codec.ts';
import type { Decoded } from './port.ts';

const random = seededRandom(7, manualClock(0));
const ada = random.uuid();
const bob = random.uuid();
const orderId = random.uuid();

const metadata = {
  commandId: 'c1',
  correlationId: 'c1',
  actorId: ada,
  actorRole: 'customer',
  occurredAt: '2026-01-02T03:04:05.678Z',
};

const registered = (accountId: string, displayName: string): DomainEvent => ({
  type: 'AccountRegistered',
  data: { accountId, email: `${displayName}@example.com`, emailHash: 'h', displayName },
});
const placed = (billing: { country: string; name?: string } | undefined): DomainEvent => ({
  type: 'OrderPlaced',
  data: {
    orderId,
    customerId: ada,
    currency: 'EUR',
    lines: [
      {
        lineId: random.uuid(),
        productId: random.uuid(),
        vendorId: bob,
        title: 'A workflow – größer, 価格',
        tierId: 'single',
        tierName: 'Single',
        quantity: 1,
        activationLimit: 1,
        unitPrice: 1900,
        discount: 0,
        tax: 361,
        taxRateBps: 1900,
        total: 2261,
        commission: 190,
      },
    ],
    subtotal: 1900,
    discount: 0,
    tax: 361,
    total: 2261,
    stockHolds: [],
    ...(billing && { billing }),
  },
});

const newKeys = (): PersonKeys => {
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  onTestFinished(() => secrets.close());
  return personKeys(secrets, random);
};
const newCodec = (keys = newKeys()) => eventCodec({ keys, random });

const stored = (stream: string, events: readonly NewEvent[]): StoredEvent[] =>
  events.map((one, i) => ({ ...one, stream, revision: BigInt(i), position: BigInt(100 + i), recordedAt: 5 }));
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const written = (stream: string, type: string, schemaVersion: string, data: unknown): StoredEvent => ({
  id: 'e1',
  stream,
  type,
  revision: 0n,
  position: 1n,
  recordedAt: 5,
  data: data instanceof Uint8Array ? data : json(data),
  metadata: json({ ...metadata, schemaVersion }),
});
const dataOf = (decoded: Decoded | undefined): unknown => (decoded?.ok ? decoded.event.data : decoded);
const encodeOne = async (codec: ReturnType<typeof newCodec>, stream: string, one: DomainEvent) => {
  const [encoded] = await codec.encode(stream, [{ id: 'e1', event: one }], metadata);
  if (encoded === undefined) throw new Error('nothing was encoded');
  return encoded;
};
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('a round trip', () => {
  it('gives events as they were, with their place and their schema version', async () => {
    const codec = newCodec();
    const stream = `order-${orderId}`;
    const events = [placed(undefined), { type: 'OrderSettled', data: { orderId } }] satisfies DomainEvent[];
    const encoded = await codec.encode(
      stream,
      events.map((one, i) => ({ id: `e${i}`, event: one })),
      { ...metadata, causationId: 'cause' },
    );
    expect(encoded.map(({ id, type }) => [id, type])).toEqual([
      ['e0', 'OrderPlaced'],
      ['e1', 'OrderSettled'],
    ]);
    const decoded = await codec.decode(stored(stream, encoded));
    expect(decoded.map(dataOf)).toEqual(events.map(({ data }) => data));
    expect(decoded[1]).toEqual({
      ok: true,
      event: {
        type: 'OrderSettled',
        data: { orderId },
        id: 'e1',
        stream,
        revision: 1n,
        position: 101n,
        recordedAt: 5,
        metadata: { ...metadata, causationId: 'cause', schemaVersion: '1' },
      },
      stored: stored(stream, encoded)[1],
    });
  });

  it('leaves an absent optional field absent', async () => {
    const codec = newCodec();
    const order = placed({ country: 'DE' });
    const encoded = await encodeOne(codec, 'order-1', order);
    expect(dataOf((await codec.decode(stored('order-1', [encoded])))[0])).toEqual(order.data);
  });
});

describe('writing', () => {
  it.each([
    ['a type the category does not have', 'vendor-1', { type: 'OrderSettled', data: { orderId } }, 'hold no event'],
    ['a category that there is not', 'cart-1', { type: 'OrderSettled', data: { orderId } }, 'hold no event'],
    ['data that does not fit', 'order-1', { type: 'OrderSettled', data: { orderId: '17' } }, 'data.orderId'],
  ] satisfies [string, string, DomainEvent, string][])('refuses %s', async (_, stream, one, message) => {
    await expect(encodeOne(newCodec(), stream, one)).rejects.toThrow(message);
  });

  it('does not write what the schema does not know', async () => {
    const withMore = { orderId, password: 'hunter2' };
    const encoded = await encodeOne(newCodec(), 'order-1', { type: 'OrderSettled', data: withMore });
    expect(textOf(encoded.data)).toBe(JSON.stringify({ orderId }));
  });
});

describe('personal fields', () => {
  it('do not stand in clear, and nothing else is hidden', async () => {
    const codec = newCodec();
    const encoded = await encodeOne(codec, 'order-1', placed({ country: 'DE', name: 'Ada Lovelace' }));
    expect(textOf(encoded.data)).not.toContain('Lovelace');
    const data = JSON.parse(textOf(encoded.data));
    expect(data.billing).toEqual({ country: 'DE', name: expect.stringMatching(/^enc:v1:[\w-]+$/) });
    expect(data.customerId).toBe(ada);
  });

  it('read [erased] after their person was erased; others of the batch read as before', async () => {
    const keys = newKeys();
    const codec = newCodec(keys);
    const log = stored('account-x', [
      await encodeOne(codec, 'account-x', registered(ada, 'Ada')),
      await encodeOne(codec, 'account-x', registered(bob, 'Bob')),
    ]);
    await codec.decode(log);
    await keys.erase(ada);
    const [adas, bobs] = (await codec.decode(log)).map(dataOf);
    expect(adas).toEqual({ accountId: ada, email: '[erased]', emailHash: 'h', displayName: '[erased]' });
    expect(bobs).toEqual(registered(bob, 'Bob').data);
  });

  it('are not kept in a memory of what was read: after the erasure nothing is left there to read', async () => {
    const keys = newKeys();
    const memory: DecodeMemory = new WeakMap();
    const codec = eventCodec({ keys, random, memory });
    const log = stored('account-x', [await encodeOne(codec, 'account-x', registered(ada, 'Ada'))]);
    const unnamed = stored('order-1', [await encodeOne(codec, 'order-1', placed(undefined))]);
    const [before] = (await codec.decode(log)).map(dataOf);
    expect(before).toEqual(registered(ada, 'Ada').data);
    expect(log.every((event) => memory.has(event))).toBe(true);
    await keys.erase(ada);
    const [after] = (await codec.decode(log)).map(dataOf);
    expect(after).toEqual({ accountId: ada, email: '[erased]', emailHash: 'h', displayName: '[erased]' });
    expect(await codec.decode(unnamed)).toEqual(await eventCodec({ keys, random }).decode(unnamed));
  });

  it('of an erased person can be written as [erased] and not otherwise', async () => {
    const keys = newKeys();
    const codec = newCodec(keys);
    await keys.erase(ada);
    const encoded = await encodeOne(codec, 'order-1', placed({ country: 'DE', name: '[erased]' }));
    expect(dataOf((await codec.decode(stored('order-1', [encoded])))[0])).toMatchObject({
      billing: { name: '[erased]' },
    });
    await expect(encodeOne(codec, 'order-1', placed({ country: 'DE', name: 'Ada' }))).rejects.toThrow('erased');
  });

  it.each([
    ['the text itself', 'enc:v1:abc'],
    ['the empty text', ''],
    ['any script', '愛 🦄 \n"'],
  ])('may be %s', async (_, displayName) => {
    const codec = newCodec();
    const encoded = await encodeOne(codec, 'account-x', registered(ada, displayName));
    expect(dataOf((await codec.decode(stored('account-x', [encoded])))[0])).toMatchObject({ displayName });
  });

  const tampered = async (change: (data: Record<string, string>) => object): Promise<Decoded | undefined> => {
    const codec = newCodec();
    const encoded = await encodeOne(codec, 'account-x', registered(ada, 'Ada'));
    await encodeOne(codec, 'account-x', registered(bob, 'Bob'));
    const data = json(change(JSON.parse(textOf(encoded.data))));
    return (await codec.decode(stored('account-x', [{ ...encoded, data }])))[0];
  };
  const flipLast = (text = '') => text.slice(0, -3) + (text.at(-3) === 'A' ? 'B' : 'A') + text.slice(-2);

  it.each([
    ['changed', (data) => ({ ...data, email: flipLast(data.email) })],
    ['cut short', (data) => ({ ...data, email: 'enc:v1:abcd' })],
    ['moved to another field', (data) => ({ ...data, email: data.displayName })],
    ['given to another person', (data) => ({ ...data, accountId: bob })],
  ] satisfies [string, (data: Record<string, string>) => object][])('are poison when %s', async (_, change) => {
    expect(await tampered(change)).toMatchObject({
      ok: false,
      kind: 'broken',
      reason: 'AccountRegistered v1: data.email does not authenticate',
    });
  });

  it('are poison when they stand in clear', async () => {
    const decoded = await tampered((data) => ({ ...data, email: 'ada@example.com' }));
    expect(decoded).toMatchObject({ reason: 'AccountRegistered v1: data.email is personal and not encrypted' });
  });

  it('are poison when they name no person', async () => {
    const decoded = await tampered(({ accountId: _, ...rest }) => rest);
    expect(decoded).toMatchObject({ reason: 'AccountRegistered v1: data.accountId names no person' });
  });
});

describe('poison', () => {
  const settled = (schemaVersion: string, data: unknown) => written('order-1', 'OrderSettled', schemaVersion, data);
  it.each([
    [
      'an unknown type',
      written('order-1', 'OrderTeleported', '1', {}),
      'unknownType',
      'OrderTeleported: no such event',
    ],
    ['an unknown category', written('cart-1', 'OrderSettled', '1', {}), 'unknownType', 'category "cart"'],
    ['a name of the prototype', written('order-1', 'toString', '1', {}), 'unknownType', 'toString: no such event'],
    ['a newer version', settled('2', { orderId }), 'newerVersion', 'OrderSettled v2: newer than version 1'],
    ['no version', settled('one', { orderId }), 'broken', 'OrderSettled: metadata.schemaVersion is no version'],
    ['no JSON', settled('1', Buffer.from('{"secret')), 'broken', 'OrderSettled v1: data is not JSON in UTF-8'],
    ['no UTF-8', settled('1', Buffer.from('{"a":"\xff"}', 'latin1')), 'broken', 'data is not JSON in UTF-8'],
    ['no object', settled('1', [orderId]), 'broken', 'OrderSettled v1: data is no JSON object'],
    ['another shape', settled('1', { orderId: 'a secret' }), 'broken', 'OrderSettled v1: data.orderId: Invalid UUID'],
    [
      'metadata of another shape',
      { ...settled('1', { orderId }), metadata: json({ schemaVersion: '1', actorId: 7 }) },
      'broken',
      'OrderSettled: metadata.commandId',
    ],
  ] as const)('is %s, and says so without the data', async (_, poison, kind, reason) => {
    const good = settled('1', { orderId });
    const decoded = await newCodec().decode([good, poison, good]);
    expect(decoded[1]).toMatchObject({ ok: false, kind, reason: expect.stringContaining(reason), stored: poison });
    expect(decoded[1]).not.toMatchObject({ reason: expect.stringContaining('secret') });
    expect([decoded[0]?.ok, decoded[2]?.ok]).toEqual([true, true]);
  });

  it('is not what cannot be read because the keys do not answer', async () => {
    const keys: PersonKeys = { ...newKeys(), find: async () => Promise.reject(new Error('down')) };
    const encoded = await encodeOne(newCodec(keys), 'account-x', registered(ada, 'Ada'));
    await expect(newCodec(keys).decode(stored('account-x', [encoded]))).rejects.toThrow('down');
  });
});

describe('older versions', () => {
  const catalogue: Catalogue = {
    vendor: {
      Renamed: event(3, z.object({ vendorId: z.string(), name: z.string(), languages: z.array(z.string()) }), {
        upcasts: {
          1: ({ title, ...rest }) => ({ ...rest, name: title ?? null }),
          2: (data) => ({ ...data, languages: ['en'] }),
        },
        personal: { subject: 'vendorId', fields: ['name'] },
      }),
      Forgetful: event(3, z.object({}), { upcasts: { 2: (data) => data } }),
      Fragile: event(2, z.object({}), {
        upcasts: {
          1: () => {
            throw new TypeError('no lines');
          },
        },
      }),
    },
  };
  const decodeOne = async (type: string, version: string, data: object) =>
    (await eventCodec({ keys: newKeys(), random, catalogue }).decode([written('vendor-1', type, version, data)]))[0];

  it('are lifted step by step; the metadata keep the version that was written', async () => {
    const expected = { vendorId: 'v', name: 'A', languages: ['en'] };
    const first = await decodeOne('Renamed', '1', { vendorId: 'v', title: 'A' });
    expect(dataOf(first)).toEqual(expected);
    expect(first).toMatchObject({ event: { metadata: { schemaVersion: '1' } } });
    expect(dataOf(await decodeOne('Renamed', '2', { vendorId: 'v', name: 'A' }))).toEqual(expected);
  });

  it('are poison when nothing lifts them, or lifting fails, or what comes out does not fit', async () => {
    const reason = async (type: string, data: object) => {
      const decoded = await decodeOne(type, '1', data);
      return decoded?.ok === false && decoded.kind === 'broken' ? decoded.reason : undefined;
    };
    expect(await reason('Forgetful', {})).toBe('Forgetful v1: nothing lifts version 1');
    expect(await reason('Fragile', {})).toBe('Fragile v1: cannot be lifted from version 1: TypeError: no lines');
    expect(await reason('Renamed', { vendorId: 'v' })).toMatch(/^Renamed v1: data\.name: Invalid input/);
  });
});
