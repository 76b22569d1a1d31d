import type { Offer } from '../workflows/offer.ts';
import { draft, publish, release, submit } from './listing.ts';
import { buyer, product, type World } from './world.ts';

/** Products that are not simply on sale. */
const unusual = new Set(['retention', 'clinic', 'sepa', 'voice', 'keyring', 'legacy', 'growth']);

/** How each product came to where it is: on sale, in review, sent back, a draft, off sale, gone. */
export const planProducts = (world: World, offers: readonly Offer[]): void => {
  const { agenda, cast } = world;
  const offer = (ref: string): Offer => {
    const found = offers.find((each) => each.ref === ref);
    if (found === undefined) throw new Error(`there is no offer ${ref}`);
    return found;
  };
  const decide = (ref: string, verb: string, reason: string): Promise<unknown> =>
    cast.admin.ask('POST', `/products/${product(world, ref).id}/${verb}`, { reason });

  // The larger half in the first days, the others as the month goes on.
  const usual = offers.filter(({ ref }) => !unusual.has(ref));
  const early = Math.ceil(usual.length * 0.65);
  usual.forEach((each, i) => {
    const at =
      i < early
        ? agenda.on(1 + Math.floor((i * 4) / early), 9 + (i % 8), (i * 13) % 60)
        : agenda.on(6 + Math.floor(((i - early) * 22) / (usual.length - early)), 9 + (i % 8), (i * 17) % 60);
    agenda.add(at, () => publish(world, each));
  });

  agenda.add(agenda.on(16, 15), () => release(world, 'invoices', 1));
  agenda.add(agenda.on(10, 15), () => release(world, 'sentinel', 1));
  agenda.add(agenda.on(19, 15), () => release(world, 'sentinel', 2));
  agenda.add(agenda.on(19, 18), async () => {
    const { id } = product(world, 'sentinel');
    await cast.vendors.fernleaf.ask('POST', `/products/${id}/versions/1.1.0/yank`, {
      reason: 'Alerted on every check while a target was slow. Fixed in 1.1.1.',
    });
  });
  agenda.add(agenda.on(21, 15), () => release(world, 'leads', 1));

  agenda.add(agenda.on(7, 10), () => publish(world, offer('legacy')));
  agenda.add(agenda.on(24, 10), async () => {
    await cast.vendors.fernleaf.ask('POST', `/products/${product(world, 'legacy').id}/retire`);
    world.onSale.delete('legacy');
  });
  agenda.add(agenda.on(8, 10), () => publish(world, offer('growth')));
  agenda.add(agenda.on(20, 10), async () => {
    await decide('growth', 'suspend', 'Writes to people who never agreed to it; to be changed by the vendor.');
    world.onSale.delete('growth');
  });
  agenda.add(agenda.on(25, 16), async () => {
    await submit(world, offer('clinic'));
    await decide('clinic', 'reject', 'Sends health data to a model outside the EU without saying so.');
  });
  agenda.add(agenda.on(26, 16), async () => void (await draft(world, offer('voice'))));
  agenda.add(agenda.on(28, 11), async () => void (await draft(world, offer('keyring'))));
  agenda.add(agenda.on(29, 16), async () => void (await submit(world, offer('retention'))));
  agenda.add(agenda.on(30, 17), async () => void (await submit(world, offer('sepa'))));
  agenda.add(agenda.on(30, 18), async () => {
    const applicant = buyer(world, 'Hanne');
    await applicant.ask('POST', '/vendors', { displayName: 'Skov & Data', country: 'DK', defaultCurrency: 'DKK' });
  });
};

/** So many of the news are seen by who opens the list. */
const looksBack = 20;

/** What people have in front of them when the filling ends: carts, news they have read and news they have not. */
export const planDesks = (world: World): void => {
  const { agenda, cast, stage } = world;
  const cart = (at: number, name: string, ref: string, quantity = 1): void =>
    agenda.add(at, async () => {
      await buyer(world, name).ask('PUT', `/cart/items/${product(world, ref).id}`, { quantity });
    });
  cart(agenda.on(30, 20), 'Ines', 'runbooks');
  cart(agenda.on(30, 20, 5), 'Ines', 'backups');
  cart(agenda.today(0.9), 'Ravi', 'seo');
  agenda.add(agenda.today(0.95), async () => {
    const old = (await stage.happened('notification')).flatMap((event) =>
      event.type === 'NotificationRaised' && Date.parse(event.metadata.occurredAt) < agenda.on(29, 0)
        ? [event.data]
        : [],
    );
    for (const person of [...Object.values(cast.vendors), buyer(world, 'Ines')]) {
      const theirs = old.filter(({ accountId }) => accountId === person.accountId);
      for (const { notificationId } of theirs.slice(-looksBack))
        await person.ask('POST', `/notifications/${notificationId}/read`);
    }
  });
};
