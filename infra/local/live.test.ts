import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  orderOf,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  withRole,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
afterEach(() => system.dispose());

/** A connection: what came so far, and its end. */
const following = async (client: Client, topics: string, lastEventId?: string) => {
  const response = await system.app.inject({
    method: 'GET',
    url: `/api/v1/live?topics=${topics}`,
    headers: {
      authorization: `Bearer ${client.token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    payloadAsStream: true,
  });
  const stream: Readable = response.stream();
  const connection = { status: response.statusCode, text: '', ended: false, leave: () => stream.destroy() };
  stream.on('data', (chunk) => {
    connection.text += String(chunk);
  });
  stream.on('close', () => {
    connection.ended = true;
  });
  return connection;
};
type Connection = Awaited<ReturnType<typeof following>>;
const messagesOf = ({ text }: Connection): readonly { type: string; topic: string; id: string; position: string }[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
const typesOf = (connection: Connection): readonly string[] => messagesOf(connection).map(({ type }) => type);
const lastIdOf = ({ text }: Connection): string => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';

const bought = async () => {
  system = await startTestSystem();
  const vendor = await approvedVendor(system, 'vera');
  const product = await published(system, vendor);
  const buyer = await registered(system, 'bob');
  const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
  return { vendor, buyer, product, id: String(id) };
};

describe('live', () => {
  it('tells the buyer and the vendor of an order what happens to it, small and with its position', async () => {
    const { buyer, vendor, id } = await bought();
    const connections = [await following(buyer, `order:${id}`), await following(vendor, `order:${id}`)];
    await settled(system, buyer, id, ['fulfilled']);
    for (const connection of connections) {
      await system.until('fulfilled', async () => typesOf(connection).includes('OrderFulfilled'));
      for (const message of messagesOf(connection)) {
        expect(message).toMatchObject({ topic: `order:${id}`, id });
        expect(Object.keys(message).sort()).toEqual(['id', 'position', 'topic', 'type']);
      }
    }
  });

  it('goes on where a client was, without loss', async () => {
    const { buyer, id } = await bought();
    const first = await following(buyer, `order:${id}`);
    await system.until('connected', async () => first.text !== '');
    const from = lastIdOf(first);
    first.leave();
    await settled(system, buyer, id, ['fulfilled']);
    const all = await following(buyer, `order:${id}`, '0');
    const rest = await following(buyer, `order:${id}`, from);
    for (const connection of [all, rest])
      await system.until('settled', async () => typesOf(connection).includes('OrderSettled'));
    expect(messagesOf(all)[0]?.type).toBe('OrderPlaced');
    expect(messagesOf(rest)).toEqual(messagesOf(all).filter(({ position }) => BigInt(position) > BigInt(from)));
  });

  it('is for those whom the topic is for', async () => {
    const { buyer, vendor, id } = await bought();
    const stranger = await registered(system, 'sam');
    const operator = await withRole(system, 'otto', 'operator');
    const admin = await signInAdministrator(system);
    const status = async (client: Client, topics: string) => {
      const connection = await following(client, topics);
      connection.leave();
      return connection.status;
    };
    expect(await status(stranger, `order:${id}`)).toBe(404);
    expect(await status(admin, `order:${id}`)).toBe(200);
    expect(await status(buyer, 'projections')).toBe(403);
    expect(await status(buyer, `notifications,sagas`)).toBe(403);
    expect(await status(buyer, 'notifications')).toBe(200);
    expect(await status(operator, 'projections,sagas')).toBe(200);
    expect(await status(vendor, `payouts:${vendor.vendorId}`)).toBe(200);
    expect(await status(buyer, `payouts:${vendor.vendorId}`)).toBe(404);
    expect(await status(buyer, 'weather')).toBe(400);
    expect(await status(buyer, 'order:1')).toBe(400);
    expect((await following(buyer, 'notifications', 'x')).status).toBe(400);
    expect((await following(buyer, 'notifications', '999999999')).status).toBe(400);
    expect((await system.app.inject({ url: '/api/v1/live?topics=notifications' })).statusCode).toBe(401);
  });

  it('beats while nothing happens, and tells operators of rebuilds', async () => {
    system = await startTestSystem();
    const operator = await withRole(system, 'otto', 'operator');
    const connection = await following(operator, 'projections');
    await system.until('a beat', async () => connection.text.includes(': beat'));
    await operator.ok('POST', '/operator/projections/orders/rebuild');
    await system.until('switched', async () => typesOf(connection).includes('ProjectionSwitched'));
    expect(messagesOf(connection)[0]).toMatchObject({ type: 'ProjectionRebuildRequested', id: 'orders' });
  });

  it('ends when a right is taken away', async () => {
    system = await startTestSystem();
    const operator = await withRole(system, 'otto', 'operator');
    const connection = await following(operator, 'sagas');
    await (await signInAdministrator(system)).ok('PUT', `/accounts/${operator.id}/roles`, { roles: [] });
    await system.until('the end', async () => connection.ended);
    expect((await following(operator, 'sagas')).status).toBe(401);
  });

  it('ends at once with its session: by logout, from another one, with the account; others of the account go on', async () => {
    system = await startTestSystem();
    const first = await registered(system, 'ann');
    const [second, third] = [await signIn(system, first.email), await signIn(system, first.email)];
    const connections = {
      first: await following(first, 'notifications'),
      second: await following(second, 'notifications'),
      third: await following(third, 'notifications'),
    };
    const ended = () => Object.entries(connections).flatMap(([name, connection]) => (connection.ended ? [name] : []));

    await first.ok('POST', '/auth/logout');
    await system.until('the first ended', async () => ended().length > 0);
    expect(ended()).toEqual(['first']);

    const { items } = await third.ok('GET', '/me/sessions');
    const other = (items as readonly { id: string; current: boolean }[]).find(({ current }) => !current);
    await third.ok('DELETE', `/me/sessions/${other?.id}`);
    await system.until('the second ended', async () => ended().length > 1);
    expect(ended()).toEqual(['first', 'second']);

    await third.ok('DELETE', '/me');
    await system.until('the third ended', async () => ended().length > 2);
  });

  it('has a bounded number of connections an account, which those that leave make room for', async () => {
    system = await startTestSystem();
    const buyer = await registered(system, 'bob');
    const connections = await Promise.all(Array.from({ length: 10 }, () => following(buyer, 'notifications')));
    expect((await following(buyer, 'notifications')).status).toBe(429);
    connections[0]?.leave();
    await system.clock.advance(15_000); // the next beat finds nobody
    await system.until('room', async () => (await following(buyer, 'notifications')).status === 200);
  });

  it('ends when the system stops, which does not wait for readers', async () => {
    const { buyer, id } = await bought();
    const connection = await following(buyer, `order:${id}`);
    system = await system.restart();
    expect(connection.ended).toBe(true);
  });
});
