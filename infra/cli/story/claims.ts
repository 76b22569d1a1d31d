import { fieldOf, licenseIs, licenseOf, type Market, ordered, orderIs, orderWhen, price, usd } from './market.ts';
import { expectThat } from './teller.ts';

export const refunds = async (market: Market): Promise<void> => {
  const { teller, vendor, buyer, product, session } = market;
  const { step } = teller;
  const part = 900;
  const id = await step('Ben orders once more', async () => {
    const order = await ordered(market, 'pm_card_visa');
    await orderIs(market, order, 'fulfilled');
    return order;
  });
  await step('He asks for his money back', () =>
    buyer.client.ok('POST', `/orders/${id}/refund-requests`, { reason: 'It does not fit.' }),
  );
  await step(`Vera gives ${usd(part)} back: the licence stays`, async () => {
    await vendor.client.ok('POST', `/orders/${id}/refunds`, { amount: part, reason: 'for the trouble' });
    const order = await orderIs(market, id, 'partiallyRefunded');
    expectThat(order, { refunded: { amount: part } });
    await licenseIs(market, licenseOf(order), 'active');
  });
  await step(`She gives back what is left, ${usd(price.amount - part)}: the licence is revoked`, async () => {
    await vendor.client.ok('POST', `/orders/${id}/refunds`, { reason: 'the rest' });
    const order = await orderIs(market, id, 'refunded');
    expectThat(order, { refunded: price });
    const license = await licenseIs(market, licenseOf(order), 'revoked');
    const question = { key: license.key, productId: product.id };
    expectThat(await session.nobody().ok('POST', '/licenses/validate', question), { valid: false });
    const download = await buyer.client.call('POST', '/downloads', { licenseId: licenseOf(order) });
    expectThat(download.status, 409);
  });
  await step('More than was paid is never given back: 409 REFUND_EXCEEDS', async () => {
    const { status, body } = await vendor.client.call('POST', `/orders/${id}/refunds`, { amount: 1, reason: 'more' });
    expectThat({ status, code: body.code }, { status: 409, code: 'REFUND_EXCEEDS' });
  });

  const failing = await step('Another order is paid with a card that takes no refunds', async () => {
    const order = await ordered(market, 'pm_card_refundFail');
    await orderIs(market, order, 'fulfilled');
    return order;
  });
  await step('The refund fails at the provider: it says so, the order and its licence stay', async () => {
    await vendor.client.ok('POST', `/orders/${failing}/refunds`, { reason: 'asked for' });
    const order = await orderWhen(
      market,
      failing,
      'has a failed refund',
      (each) => fieldOf(each, 'refunds', '0', 'state') === 'failed',
    );
    expectThat(order, { state: 'fulfilled', refunded: { amount: 0 } });
    await licenseIs(market, licenseOf(order), 'active');
  });
};

const disputed = async (market: Market): Promise<{ readonly id: string; readonly licenseId: string }> => {
  const { step } = market.teller;
  const id = await step('Ben pays, and his bank disputes the charge', () => ordered(market, 'pm_card_createDispute'));
  const order = await step('The dispute is open, the licence suspended while it lasts', async () => {
    const found = await orderWhen(market, id, 'is disputed', (each) => each.disputed === true);
    await licenseIs(market, licenseOf(found), 'suspended');
    return found;
  });
  return { id, licenseId: licenseOf(order) };
};

export const disputes = async (market: Market): Promise<void> => {
  const { teller, vendor } = market;
  const { step } = teller;
  const evidence = (id: string, text: string) => vendor.client.ok('POST', `/orders/${id}/dispute/evidence`, { text });

  const won = await disputed(market);
  await step('Vera gives good evidence and wins: the licence is active again', async () => {
    await evidence(won.id, 'winning_evidence');
    const order = await orderWhen(market, won.id, 'is disputed no more', (each) => each.disputed === false);
    expectThat(order, { dispute: { state: 'won' } });
    await licenseIs(market, won.licenseId, 'active');
  });
  const lost = await disputed(market);
  await step('The next one she loses: the money is back at the bank, the licence revoked', async () => {
    await evidence(lost.id, 'losing_evidence');
    const order = await orderWhen(market, lost.id, 'is disputed no more', (each) => each.disputed === false);
    expectThat(order, { dispute: { state: 'lost' } });
    await licenseIs(market, lost.licenseId, 'revoked');
  });
};
