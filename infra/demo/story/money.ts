import type { VendorName } from '../workflows/offer.ts';
import { order } from './buying.ts';
import { currencyOf } from './cast.ts';
import { buyer, type World } from './world.ts';

/** Coupons of vendors and of the market: in use, used up, over. */
export const planCoupons = (world: World): void => {
  const { agenda, cast } = world;
  const time = (at: number): string => new Date(at).toISOString();
  agenda.add(agenda.on(4, 9), async () => {
    await cast.admin.ask('POST', '/coupons', { code: 'WELCOME10', percentOff: 10, perCustomer: 1 });
    await cast.vendors.mara.ask('POST', '/coupons', { code: 'FIRSTTHREE', percentOff: 25, maxRedemptions: 3 });
    const amountOff = { amount: 500, currency: 'EUR' };
    await cast.vendors.kontor.ask('POST', '/coupons', { code: 'QUARTAL', amountOff, endsAt: time(agenda.on(20, 0)) });
  });
  const uses = [
    [7, 'Ines', 'WELCOME10', 'sentinel'],
    [9, 'Ravi', 'FIRSTTHREE', 'newsletter'],
    [10, 'Jonas', 'FIRSTTHREE', 'leads'],
    [11, 'Aiko', 'QUARTAL', 'invoices'],
    [14, 'Diego', 'FIRSTTHREE', 'support'],
    [19, 'Hanne', 'WELCOME10', 'contracts'],
    [26, 'Marcus', 'WELCOME10', 'runbooks'],
  ] as const;
  for (const [day, name, coupon, ref] of uses)
    agenda.add(agenda.on(day, 12, 30), async () => {
      await order(world, buyer(world, name), { refs: [ref], coupon });
    });
};

/** Pays out a part of what a vendor has available. */
const payOut = async ({ cast, stage }: World, name: VendorName, part: number): Promise<void> => {
  const vendor = cast.vendors[name];
  const currency = currencyOf[name];
  let available = 0;
  for (const { data } of await stage.happened('vendorAccount')) {
    if (!('entries' in data) || data.vendorId !== vendor.vendorId || data.currency !== currency) continue;
    for (const { account, amount } of data.entries) if (account === 'available') available += amount;
  }
  const amount = Math.floor(available * part);
  if (amount > 0) await vendor.ask('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: { amount, currency } });
};

const account = async ({ cast }: World, name: VendorName, token: string): Promise<void> => {
  const vendor = cast.vendors[name];
  await vendor.ask('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token });
};

/** A payout that the bank has not answered: it is the last thing that happens, and goes on when the system serves. */
export const askForPayout = async (world: World): Promise<void> => {
  world.stage.provider.hold();
  await payOut(world, 'kontor', 0.4);
};

/** Payouts of every outcome. */
export const planPayouts = (world: World): void => {
  const { agenda } = world;
  agenda.add(agenda.on(5, 10), () => account(world, 'kontor', 'ba_ok'));
  agenda.add(agenda.on(5, 11), () => account(world, 'fernleaf', 'ba_failed'));
  agenda.add(agenda.on(5, 12), () => account(world, 'mara', 'ba_returned'));
  agenda.add(agenda.on(22, 10), () => payOut(world, 'kontor', 0.8));
  agenda.add(agenda.on(23, 10), () => payOut(world, 'fernleaf', 0.7));
  agenda.add(agenda.on(23, 11), () => payOut(world, 'mara', 0.9));
  agenda.add(agenda.on(24, 14), () => account(world, 'fernleaf', 'ba_ok'));
  agenda.add(agenda.on(25, 9), () => payOut(world, 'fernleaf', 0.7));
  agenda.add(agenda.on(26, 9), () => account(world, 'mara', 'ba_ok'));
  agenda.add(agenda.on(29, 10), () => payOut(world, 'kontor', 0.5));
  agenda.add(agenda.on(30, 16), () => payOut(world, 'mara', 0.6));
};

/** The auditor looks at one sealed field, with a reason, which is an event of its own. */
export const planLook = (world: World): void => {
  const { agenda, cast, stage } = world;
  agenda.add(agenda.on(27, 9), async () => {
    const placed = (await stage.happened('order')).find(({ type }) => type === 'OrderPlaced');
    if (placed === undefined) throw new Error('there is no order to look at');
    await cast.auditor.ask('POST', '/audit/unseal', {
      ...{ stream: placed.stream, revision: '0', path: 'billing.name' },
      reason: 'Invoice 1 is asked for by the tax office.',
    });
  });
};
