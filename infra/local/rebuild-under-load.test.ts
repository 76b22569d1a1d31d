import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ports } from './ports.ts';
import { crashAt } from './test-crash.ts';
import {
  type Answer,
  awaited,
  type Door,
  got,
  type InjectedDoor,
  injected,
  patched,
  posted,
  put,
} from './test-door.ts';
import { order, orderIn, register, signedIn, tokenOf } from './test-market.ts';
import { openStage, type Stage } from './test-stage.ts';
import type { TestSystem } from './test-system.ts';

/** What the reader below reads. */
const names = ['catalogue', 'products', 'search', 'orders', 'licenses', 'balances'] as const;

/** Each build waits to be let go once: before its next batch, so that readers would miss much of it, or when that is written. */
const gate = () => {
  let moment: 'before' | 'after' = 'before';
  let waiting = new Set<string>();
  let opened = Promise.withResolvers<void>();
  return {
    hold: (next: typeof moment): void => {
      moment = next;
      waiting = new Set();
      opened = Promise.withResolvers();
    },
    open: () => opened.resolve(),
    halfBuilt: () => names.every((name) => waiting.has(name)),
    wrap: (ports: Ports): Ports => {
      const { sink } = ports.readModels;
      const write: typeof sink.write = async (ref, batch) => {
        const waits = ref.generation > 1 && !waiting.has(ref.projection);
        const held = async (): Promise<void> => {
          waiting.add(ref.projection);
          await opened.promise;
        };
        if (waits && moment === 'before') await held();
        await sink.write(ref, batch);
        if (waits && moment === 'after') await held();
      };
      return { ...ports, readModels: { ...ports.readModels, sink: { ...sink, write } } };
    },
  };
};

const builds = gate();
let stage: Stage;
let system: TestSystem;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  builds.open(); // a build that is held can't be stopped
  await system.dispose();
  stage.remove();
});

const states = ['placed', 'awaitingPayment', 'awaitingConfirmation', 'paid', 'fulfilled'];
const itemsOf = ({ items }: Answer): readonly Answer[] => (Array.isArray(items) ? items : []);
const sum = (...numbers: readonly unknown[]): number => numbers.reduce<number>((all, each) => all + Number(each), 0);
const editionOf = ({ summary }: Answer): number => Number(/^edition (\d+)$/.exec(String(summary))?.[1] ?? 0);

/** Everything that a person may look at here, as numbers that only ever grow while nothing is given back. */
const look = async (door: Door): Promise<ReadonlyMap<string, number>> => {
  const { shops } = stage.market;
  const [buyer, vendor] = [{ token: await tokenOf(door, 'buyer') }, { token: await tokenOf(door, 'alpha') }];
  const [orders, licenses, cards, found, page, balance] = await Promise.all([
    got(door, '/orders?limit=100', buyer),
    got(door, '/licenses?limit=100', buyer),
    got(door, '/products'),
    got(door, '/search?q=sorter'),
    got(door, `/products/${shops[0].productId}`),
    got(door, `/vendors/${shops[0].vendorId}/balance`, vendor),
  ]);
  return new Map<string, number>([
    ...itemsOf(orders).map(({ id, state }) => [`order ${id}`, states.indexOf(String(state))] as const),
    ...itemsOf(licenses).map(({ id, state }) => [`licence ${id}`, state === 'active' ? 1 : 0] as const),
    ...itemsOf(cards).map(({ id, sold }) => [`card ${id}`, Number(sold)] as const),
    ...itemsOf(cards).map((card) => [`edition of card ${card.id}`, editionOf(card)] as const),
    ...itemsOf(found).map((hit) => [`edition of hit ${hit.id}`, editionOf(hit)] as const),
    ...itemsOf(balance).map(
      (of) => [`money in ${of.currency}`, sum(of.pending, of.available, of.reserved, of.paidOut)] as const,
    ),
    ['hits', Number(found.total)],
    ['edition of the page', editionOf(page)],
    ['position of the balance', Number(balance.position)],
  ]);
};

/** Looks again and again. @throws when it sees less of anything than it has seen before */
const reader = () => {
  const seen = new Map<string, number>();
  const lookAgain = async (door: Door): Promise<void> => {
    const now = await look(door);
    const less = [...seen].filter(([what, much]) => (now.get(what) ?? -1) < much);
    expect(less.map(([what, much]) => `${what} was ${much}, now ${now.get(what)}`)).toEqual([]);
    for (const [what, much] of now) seen.set(what, much);
  };
  return { seen, lookAgain };
};

let editions = 0;
const trade = async (door: Door): Promise<void> => {
  const [shop] = stage.market.shops;
  const summary = `edition ${++editions}`;
  await patched(door, `/products/${shop.productId}`, { summary }, { token: await tokenOf(door, 'alpha') });
  const token = await tokenOf(door, 'buyer');
  await orderIn(door, await order(door, [{ shop }], 'pm_card_visa', { token }), token, 'fulfilled');
};

const ordered = async (door: Door, verb: string): Promise<void> => {
  const token = await tokenOf(door, 'operator');
  for (const name of names) await posted(door, `/operator/projections/${name}/${verb}`, undefined, { token });
};
const allAre = (door: Door, what: string, isSo: (status: Answer) => boolean): Promise<unknown> =>
  awaited(door, what, async () => {
    const all = await got(door, '/operator/projections', { token: await tokenOf(door, 'operator') });
    const own = itemsOf(all).filter(({ name }) => names.some((each) => each === name));
    return own.length === names.length && own.every(isSo);
  });
const allLive = (door: Door, wanted: number): Promise<unknown> =>
  allAre(door, `live in ${wanted}`, ({ state, generation }) => state === 'live' && generation === wanted);

it('a rebuild cancelled, killed, resumed, rolled back and dropped under load never shows a reader a half-built model', async () => {
  const { seen, lookAgain } = reader();
  const crash = crashAt(Number.POSITIVE_INFINITY);

  /** The phase, with a reader who looks all the while, and trade before it and beside it. */
  const underLoad = (door: InjectedDoor, phase: () => Promise<unknown>, killed?: Promise<void>): Promise<unknown> => {
    let over = false;
    const reading = async (): Promise<void> => {
      for (; !over; await door.pause()) await lookAgain(door);
      await lookAgain(door);
    };
    const acting = async (): Promise<void> => {
      await trade(door);
      await Promise.all([trade(door), phase()]).finally(() => {
        over = true;
      });
    };
    return door.pumped(Promise.all([reading(), acting()]), killed);
  };
  const halfBuilt = (door: Door): Promise<unknown> => awaited(door, 'half-built', async () => builds.halfBuilt());

  const dead = await stage.start({ wrap: (ports) => builds.wrap(crash.wrap(ports)) });
  system = dead;
  const before = injected(dead);
  const opening = async (): Promise<void> => {
    const id = await register(before, 'operator');
    await put(before, `/accounts/${id}/roles`, { roles: ['operator'] }, { token: await signedIn(before, 'admin') });
  };
  await before.pumped(opening());

  // 1. Cancelled before there is anything in it.
  builds.hold('before');
  await underLoad(before, async () => {
    await ordered(before, 'rebuild');
    await halfBuilt(before);
    await trade(before);
    await ordered(before, 'cancel');
    builds.open();
    await allLive(before, 1);
  });

  // 2. Killed half-way, with looks and sales under way.
  builds.hold('after');
  await underLoad(
    before,
    async () => {
      await ordered(before, 'rebuild');
      await halfBuilt(before);
      await trade(before);
      crash.kill();
    },
    crash.died,
  );
  expect(crash.diedAt()).toBe('a kill');
  await crash.bury();

  // 3. Goes on by itself, is paused and resumed, and readers are switched to it.
  builds.hold('before');
  system = await stage.start({ dir: dead.dir, startAt: dead.clock.now() + 1_000, wrap: builds.wrap });
  const door = injected(system);
  await underLoad(door, async () => {
    await halfBuilt(door);
    await trade(door);
    await ordered(door, 'pause');
    builds.open();
    await allAre(door, 'paused', ({ state, generation }) => state === 'paused' && generation === 1);
    await ordered(door, 'resume');
    await allLive(door, 3);
  });

  // 4. Back, forward again, and no way back any more.
  for (const [verb, generation] of [
    ['rollback', 1],
    ['rollback', 3],
    ['drop', 3],
  ] as const)
    await underLoad(door, async () => {
      await ordered(door, verb);
      await allLive(door, generation);
    });
  await door.pumped(lookAgain(door));

  expect([seen.get('hits'), seen.get('edition of the page')]).toEqual([3, editions]);
  // The market's sale and one of each trade, but for the one that the kill may have cut off before it was placed.
  const fulfilled = [...seen].filter(([what, much]) => what.startsWith('order ') && states[much] === 'fulfilled');
  expect(fulfilled.length).toBeGreaterThanOrEqual(editions);
  for (const name of names) {
    const own = await system.ports.readModels.sink.generations(name);
    expect(own.map(({ generation, state }) => `${generation} ${state}`)).toEqual(['1 dropped', '2 dropped', '3 live']);
  }
});
