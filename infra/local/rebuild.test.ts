import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import type { ProjectionSink } from '../documents/sink.port.ts';
import type { Ports } from './ports.ts';
import { crashAt } from './test-crash.ts';
import { awaited, type Door, get, got, type InjectedDoor, injected, post, put } from './test-door.ts';
import { quiet } from './test-end-state.ts';
import { generationsIn } from './test-generations.ts';
import { order, orderIn, register, signedIn } from './test-market.ts';
import { openStage, type Stage } from './test-stage.ts';
import { tell } from './test-story.ts';
import type { TestSystem } from './test-system.ts';

const names = [...definitions.map(({ name }) => name), auditProjection];

let stage: Stage;
let system: TestSystem;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => system.dispose());
afterAll(() => stage.remove());

const withSink = (ports: Ports, sink: Partial<ProjectionSink>): Ports => ({
  ...ports,
  readModels: { ...ports.readModels, sink: { ...ports.readModels.sink, ...sink } },
});

/** Lets each build write its first batch and then wait until it is let go, before it could be switched to. */
const gate = () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const waiting = new Set<string>();
  const wrap = (ports: Ports): Ports =>
    withSink(ports, {
      write: async (ref, batch) => {
        await ports.readModels.sink.write(ref, batch);
        if (ref.generation === 1 || waiting.has(ref.projection)) return;
        waiting.add(ref.projection);
        await opened;
      },
    });
  return { wrap, open, waiting };
};

const operatorOf = async (door: Door): Promise<string> => {
  const id = await register(door, 'operator');
  await put(door, `/accounts/${id}/roles`, { roles: ['operator'] }, { token: await signedIn(door, 'admin') });
  return signedIn(door, 'operator');
};

const rebuildAll = async (door: Door, token: string): Promise<void> => {
  for (const name of names) {
    const { status, text } = await post(door, `/operator/projections/${name}/rebuild`, { reason: 'drill' }, { token });
    expect(status, text).toBe(202);
  }
};

type Status = { readonly name: string; readonly state: string; readonly generation: number };
const statusOf = async (door: Door, token: string): Promise<readonly Status[]> => {
  const { items } = await got(door, '/operator/projections', { token });
  return Array.isArray(items) ? items : [];
};
const allLive = (door: Door, token: string, generation: number): Promise<unknown> =>
  awaited(door, `every projection live in generation ${generation}`, async () => {
    const all = await statusOf(door, token);
    return all.length === names.length && all.every((each) => each.state === 'live' && each.generation === generation);
  });

/** What a buyer and a stranger see; a model that is built in part would show less. */
const seen = async (door: Door, token: string) => {
  const [{ items: orders }, { items: licenses }, { items: cards }, { total }] = await Promise.all([
    got(door, '/orders?limit=100', { token }),
    got(door, '/licenses?limit=100', { token }),
    got(door, '/products'),
    got(door, '/search?q=sorter'),
  ]);
  const length = (list: unknown): number => (Array.isArray(list) ? list.length : -1);
  return { orders: length(orders), licenses: length(licenses), cards: length(cards), found: Number(total) };
};

/** The read models that the story here writes nothing to; their own specs fold and rebuild them. */
const untold: readonly string[] = ['statements', 'reviews'];

const expectTwins = (generations: readonly number[]): void => {
  const stored = generationsIn(system.dir);
  expect([...stored.keys()].sort()).toEqual([...names].sort());
  for (const [name, [before, after]] of stored) {
    expect([before?.generation, before?.state, after?.generation, after?.state], name).toEqual([
      generations[0],
      'retained',
      generations[1],
      'live',
    ]);
    expect(after?.checkpoint, name).toBe(before?.checkpoint);
    expect(after?.rows, name).toEqual(before?.rows);
  }
  const empty = [...stored].filter(([, own]) => own.some((each) => each.rows.length === 0)).map(([name]) => name);
  expect(empty).toEqual(untold);
};

describe('a rebuild of every read model', () => {
  it('gives the same bytes while orders go on, and readers never see a part of it', async () => {
    const builds = gate();
    system = await stage.start({ wrap: builds.wrap });
    const door: InjectedDoor = injected(system);
    const story = async (): Promise<void> => {
      await tell(
        door,
        stage.market,
        'coupon and limited stock, two vendors',
        'full refund',
        'disputed',
        'declined',
        'new version and a new person',
      );
      const [operator, buyer] = [await operatorOf(door), await signedIn(door, 'buyer')];
      const before = await seen(door, buyer);
      await rebuildAll(door, operator);
      await awaited(door, 'every build has begun', async () => builds.waiting.size === names.length);
      expect(
        new Set((await statusOf(door, operator)).map(({ state, generation }) => `${state} ${generation}`)),
      ).toEqual(new Set(['building 1']));
      expect((await post(door, '/operator/projections/orders/rebuild', {}, { token: operator })).status).toBe(409);
      expect(await seen(door, buyer)).toEqual(before);
      // Orders go on, before and while the builds run to their end.
      const id = await order(door, [{ shop: stage.market.shops[0] }], 'pm_card_visa', { token: buyer });
      await orderIn(door, id, buyer, 'fulfilled');
      const during = tell(
        door,
        stage.market,
        'unknown outcome',
        '3-D Secure, confirmed',
        'refund that fails',
        'payout that comes back',
        'payout that works',
      );
      let least = { ...(await seen(door, buyer)) };
      const watch = async (): Promise<void> => {
        const now = await seen(door, buyer);
        for (const what of ['orders', 'licenses', 'cards', 'found'] as const)
          expect(now[what], what).toBeGreaterThanOrEqual(least[what]);
        least = now;
      };
      builds.open();
      await Promise.all([
        during,
        awaited(door, 'live again', async () => {
          await watch();
          return (await statusOf(door, operator)).every(
            ({ state, generation }) => state === 'live' && generation === 2,
          );
        }),
      ]);
      await watch();
      expect(least).toMatchObject({
        orders: before.orders + 4,
        licenses: before.licenses + 4,
        cards: before.cards,
        found: before.found,
      });
    };
    await door.pumped(story());
    await quiet(system);
    expectTwins([1, 2]);
  });

  it('that a crash interrupts goes on where it was, and can be ordered again', async () => {
    const builds = gate();
    const crash = crashAt(Number.POSITIVE_INFINITY);
    const dead = await stage.start({ wrap: (ports) => builds.wrap(crash.wrap(ports)) });
    system = dead;
    const before = injected(dead);
    const interrupted = async (): Promise<void> => {
      const operator = await operatorOf(before);
      await rebuildAll(before, operator);
      await awaited(before, 'every build has begun', async () => builds.waiting.size === names.length);
    };
    await before.pumped(interrupted());
    crash.kill();
    await crash.bury();

    const resumedFrom = new Map<string, bigint | undefined>();
    system = await stage.start({
      dir: dead.dir,
      startAt: dead.clock.now() + 1_000,
      wrap: (ports) =>
        withSink(ports, {
          write: async (ref, batch) => {
            if (ref.generation === 2 && !resumedFrom.has(ref.projection)) resumedFrom.set(ref.projection, batch.after);
            await ports.readModels.sink.write(ref, batch);
          },
        }),
    });
    const door = injected(system);
    const story = async (): Promise<void> => {
      const operator = await signedIn(door, 'operator');
      await tell(door, stage.market, 'full refund', 'disputed', 'payout that works');
      await allLive(door, operator, 2);
      await rebuildAll(door, operator);
      await allLive(door, operator, 3);
    };
    await door.pumped(story());
    await quiet(system);
    expect(names.filter((name) => resumedFrom.get(name) === undefined)).toEqual([]);
    expectTwins([2, 3]);
  });
});

it('is for operators', async () => {
  system = await stage.start();
  const door = injected(system);
  const tried = async (): Promise<readonly number[]> => [
    (await post(door, '/operator/projections/orders/rebuild', {}, { token: await signedIn(door, 'admin') })).status,
    (await post(door, '/operator/projections/orders/rebuild', {})).status,
    (await get(door, '/operator/projections', { token: await signedIn(door, 'buyer') })).status,
  ];
  expect(await door.pumped(tried())).toEqual([403, 401, 403]);
});
