import { createHash } from 'node:crypto';
import { type Body, textOf } from '../client.ts';
import { until } from '../until.ts';
import { fieldOf, licenseIs, licenseOf, type Market, ordered, orderIs, price } from './market.ts';
import { expectThat } from './teller.ts';

/** A timeline on one line. */
const timelineOf = ({ timeline }: Body): string =>
  Array.isArray(timeline) ? timeline.map((each) => String(fieldOf(each, 'step'))).join(' → ') : '';

/** The main job: bought, paid, licensed, downloaded, activated, reviewed. Answers the order. */
export const buying = async (market: Market): Promise<string> => {
  const { session, teller, buyer, product } = market;
  const { step } = teller;

  await step('Ben asks what it costs him', async () => {
    const items = [{ productId: product.id, quantity: 1, expectedPrice: price }];
    expectThat(await buyer.client.ok('POST', '/orders/quote', { items }), { total: price });
  });
  await step('A price that has changed meanwhile is refused: 409 PRICE_CHANGED', async () => {
    const items = [{ productId: product.id, quantity: 1, expectedPrice: { ...price, amount: 1 } }];
    const { status, body } = await buyer.client.call('POST', '/orders', { items, paymentMethod: 'pm_card_visa' });
    expectThat({ status, code: body.code }, { status: 409, code: 'PRICE_CHANGED' });
  });
  const orderId = await step(`He orders, with a card that works`, () => ordered(market, 'pm_card_visa'));
  const order = await step(
    'The money is taken, the licence issued, the order fulfilled',
    () => orderIs(market, orderId, 'fulfilled'),
    timelineOf,
  );
  expectThat(order, { payment: { state: 'captured' }, total: price });

  const licenseId = licenseOf(order);
  const license = await step('He owns an active licence with a key', () => licenseIs(market, licenseId, 'active'));
  await step('He downloads the very bytes that Vera uploaded', async () => {
    const link = await buyer.client.ok('POST', '/downloads', { licenseId });
    expectThat(link, { sha256: product.sha256 });
    const path = new URL(textOf(link, 'url'), session.url).pathname;
    const response = await session.nobody().open('GET', path.replace('/api/v1', ''));
    const got = createHash('sha256')
      .update(new Uint8Array(await response.arrayBuffer()))
      .digest('hex');
    expectThat(got, product.sha256);
  });
  await step('He activates his laptop; the same machine again is not a second one', async () => {
    const activate = (machine: string) => buyer.client.call('POST', `/licenses/${licenseId}/activations`, { machine });
    expectThat([(await activate('laptop')).status, (await activate('laptop')).status], [201, 201]);
    expectThat((await activate('desktop')).body, { code: 'ACTIVATION_LIMIT' });
  });
  await step('The workflow itself asks whether the key may be used there: valid', async () => {
    const question = { key: license.key, productId: product.id, machine: 'laptop' };
    await until(session.terminal, 'the key is valid', async (seen) => {
      const answer = await session.nobody().ok('POST', '/licenses/validate', question);
      seen(answer);
      return answer.valid === true;
    });
  });
  await step('He has an invoice', async () => {
    expectThat(await buyer.client.ok('GET', `/orders/${orderId}/invoice`), { orderId, total: price });
  });
  await step('He reviews it with five stars, and the product page shows it', async () => {
    await buyer.client.ok('POST', `/products/${product.id}/reviews`, { stars: 5, title: 'Good', body: 'It works.' });
    await until(session.terminal, 'a rating', async (seen) => {
      const { rating } = await session.nobody().ok('GET', `/products/${product.id}`);
      seen(rating);
      return fieldOf(rating, 'count') === 1 && fieldOf(rating, 'average') === 5;
    });
  });
  return orderId;
};

export const declined = async (market: Market): Promise<void> => {
  const { step } = market.teller;
  const id = await step('Ben orders with a card that is declined', () => ordered(market, 'pm_card_chargeDeclined'));
  await step('The order is cancelled, and says why; no licence, no money', async () => {
    const order = await orderIs(market, id, 'cancelled');
    expectThat(order, { reason: 'declined', payment: { state: 'declined' } });
    expectThat(order.licenses, []);
  });
};

const shortS = 60;

export const threeDSecure = async (market: Market): Promise<void> => {
  const { session, teller, buyer } = market;
  const { step } = teller;
  const method = 'pm_card_authenticationRequired';
  const id = await step('Ben orders with a card that asks for his confirmation', () => ordered(market, method));
  await step('The order waits for him', async () => {
    const order = await orderIs(market, id, 'awaitingConfirmation');
    expectThat(order, { payment: { state: 'requiresAction', clientAction: { type: 'threeDSecure' } } });
  });
  await step('He confirms, and the order is fulfilled', async () => {
    await buyer.client.ok('POST', `/orders/${id}/confirm`, {});
    await orderIs(market, id, 'fulfilled');
  });

  const sentence = 'One that he never confirms is given up: payment abandoned, order cancelled';
  const other = await ordered(market, method);
  const waiting = await orderIs(market, other, 'awaitingConfirmation');
  const expiresAt = String(fieldOf(waiting, 'payment', 'clientAction', 'expiresAt'));
  const leftS = (Date.parse(expiresAt) - session.terminal.clock.now()) / 1_000;
  if (leftS <= shortS)
    await step(sentence, async () => {
      const order = await orderIs(market, other, 'cancelled', (leftS + shortS) * 1_000);
      expectThat(order, { reason: 'payment_timeout', payment: { state: 'abandoned' } });
    });
  else {
    teller.notShown(
      sentence,
      `here that takes until ${expiresAt}; start the server with PAYMENT_TIMEOUT_S=5 to see it`,
    );
    await step('He thinks better of that one and cancels it', async () => {
      await buyer.client.ok('POST', `/orders/${other}/cancel`);
      await orderIs(market, other, 'cancelled');
    });
  }
};

export const unknownOutcome = async (market: Market): Promise<void> => {
  const { step } = market.teller;
  const id = await step('The call to the provider times out, and the charge did happen', () =>
    ordered(market, 'pm_unknownOutcome'),
  );
  await step('The provider is asked, not guessed about: the order is fulfilled, charged once', async () => {
    const order = await orderIs(market, id, 'fulfilled');
    expectThat(order, { payment: { state: 'captured' }, total: price });
  });
};
