import { type Body, textOf } from '../client.ts';
import { until } from '../until.ts';
import { fieldOf, type Market } from './market.ts';
import { expectThat } from './teller.ts';

/** Types of the events of a tree. */
const typesIn = (value: unknown): readonly string[] => {
  const children = fieldOf(value, 'children');
  return [String(fieldOf(value, 'type')), ...(Array.isArray(children) ? children.flatMap(typesIn) : [])];
};

/** What auditors and operators see of it. */
export const audit = async (market: Market, orderId: string): Promise<void> => {
  const { controller, teller, buyer } = market;
  const { step } = teller;
  const olga = controller.client;
  const stream = await step(
    'Olga reads the first order as its events, and the state folded from them',
    async () => {
      const found = await olga.ok('GET', `/audit/streams/order-${orderId}`);
      expectThat(fieldOf(found, 'events', '0', 'type'), 'OrderPlaced');
      return found;
    },
    ({ events }) => (Array.isArray(events) ? events.map((event) => String(fieldOf(event, 'type'))).join(' → ') : ''),
  );
  await step(
    'Everything that came of it is one story, each event below its cause',
    async () => {
      const correlation = String(fieldOf(stream, 'events', '0', 'metadata', 'correlationId'));
      const story = await olga.ok('GET', `/audit/correlations/${correlation}`);
      const types = (Array.isArray(story.roots) ? story.roots : []).flatMap(typesIn);
      for (const type of ['OrderPlaced', 'LicenseIssued', 'SaleRecorded']) expectThat(types.includes(type), true);
      return story;
    },
    ({ events }) => `${String(events)} events`,
  );
  await step('No personal data stands in it in clear', async () => {
    const found = await olga.ok('GET', `/audit/streams/account-${buyer.id}`);
    expectThat(JSON.stringify(found).includes(buyer.email), false);
  });
  await step(
    'The log is as it was written: the hash chain holds',
    async () => {
      const found = await olga.ok('POST', '/audit/verify', {});
      expectThat(found, { ok: true });
      return found;
    },
    ({ verified }: Body) => `${String(verified)} events verified`,
  );
  await step('Buyers see nothing of that: 403', async () => {
    expectThat((await buyer.client.call('GET', '/audit/events')).status, 403);
  });
};

export const rebuild = async (market: Market): Promise<void> => {
  const { controller, teller, session, product } = market;
  const { step } = teller;
  const olga = controller.client;
  const path = '/operator/projections/catalogue';
  const before = await olga.ok('GET', path);
  const card = await session.nobody().ok('GET', `/products/${product.id}`);
  await step(
    'Olga has the catalogue built anew from the log, beside the one that is read',
    async () => {
      await olga.ok('POST', `${path}/rebuild`, { reason: 'the story' });
      return until(
        session.terminal,
        'the new generation is read',
        async (seen) => {
          const now = await olga.ok('GET', path);
          seen(now.rebuild ?? now.state);
          return now.generation !== before.generation && now.rebuild === undefined && now;
        },
        600_000,
      );
    },
    (now) => `generation ${String(before.generation)} → ${String(now.generation)}`,
  );
  await step('Readers find the same as before', async () => {
    const again = await session.nobody().ok('GET', `/products/${product.id}`);
    expectThat(textOf(again, 'title'), textOf(card, 'title'));
    expectThat(again, { rating: fieldOf(card, 'rating'), price: fieldOf(card, 'price') });
    const { items } = await session.nobody().ok('GET', `/products?vendorId=${market.vendor.vendorId}`);
    expectThat(Array.isArray(items) && items.length, 1);
  });
  await step('The kept generation is freed', () => olga.ok('POST', `${path}/drop`));
};
