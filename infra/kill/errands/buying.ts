import { createHash } from 'node:crypto';
import { asked, got, post, posted, textOf } from '../../local/test-door.ts';
import { orderWhen, register, signedIn } from '../../local/test-market.ts';
import { Broken, holds, same } from '../expecting.ts';
import { adminOf, as, atRest, bought, buyerOf, counted, type Errand, listOf, ordered } from './errand.ts';

export const buys: Errand = async (scene) => {
  const { shops, coupon } = scene.market;
  const [one, two, three] = shops;
  const items = [[{ shop: one }], [{ shop: one }, { shop: two, quantity: 2 }], [{ shop: three, quantity: 3 }]];
  const couponCode = scene.n % 2 === 0 ? { couponCode: coupon } : {};
  const method = scene.n % 5 === 0 ? 'pm_unknownOutcome' : 'pm_card_visa';
  const found = await bought(scene, items[scene.n % 3] ?? [], method, couponCode);
  if (found !== undefined) same(found.state, 'fulfilled', `order ${found.id}`);
  counted(scene, 'bought');
};

export const isDeclined: Errand = async (scene) => {
  const token = await buyerOf(scene);
  const { shops, coupon } = scene.market;
  const id = await ordered(scene, token, [{ shop: shops[1] }], 'pm_card_chargeDeclined', { couponCode: coupon });
  if (id === undefined) return;
  scene.diary.orders.add(id);
  same((await atRest(scene, id, token)).state, 'cancelled', `order ${id} that was declined`);
  counted(scene, 'declined');
};

/** 3-D Secure, which a third confirms, a third regrets, and a third forgets. */
export const isAskedForProof: Errand = async (scene) => {
  const { door, n, diary } = scene;
  const token = await buyerOf(scene);
  const [, two] = scene.market.shops;
  const id = await ordered(scene, token, [{ shop: two }], 'pm_card_authenticationRequired');
  if (id === undefined) return;
  diary.orders.add(id);
  await orderWhen(door, id, token, 'asks or rests', ({ state }) => state !== 'placed' && state !== 'awaitingPayment');
  const step = (['confirm', 'cancel', undefined] as const)[n % 3];
  // It may be too late for either.
  const late = step && (await post(door, `/orders/${id}/${step}`, {}, as(scene, token, step))).status >= 300;
  const { state, reason } = await atRest(scene, id, token);
  const ends = step === 'confirm' ? ['fulfilled', 'cancelled'] : ['cancelled'];
  holds(
    ends.includes(String(state)),
    `order ${id}, ${step ?? 'forgotten'}${late ? ' too late' : ''}: ${state} ${reason}`,
  );
  counted(scene, `3-D Secure ${state}`);
};

/** Four buyers at once want the two uses of a coupon, and the two pieces that there are. */
export const competes: Errand = async (scene) => {
  const { door, diary, market } = scene;
  const code = scene.name('FEW').toUpperCase();
  const terms = { code, percentOff: 50, maxRedemptions: 2 };
  await posted(door, '/coupons', terms, as(scene, await adminOf(scene), 'coupon'));
  const [one] = market.shops;
  const body = {
    items: [{ productId: one.productId, quantity: 1, expectedPrice: { amount: one.price, currency: 'USD' } }],
    ...{ paymentMethod: 'pm_card_visa', couponCode: code },
  };
  const token = await buyerOf(scene);
  const replies = await Promise.all([0, 1, 2, 3].map((n) => post(door, '/orders', body, as(scene, token, `buy-${n}`))));
  const accepted = replies.filter(({ status }) => status === 202).map(({ text }) => textOf(JSON.parse(text), 'id'));
  for (const { status, text } of replies)
    holds(
      status === 202 || text.includes('COUPON_EXHAUSTED') || text.includes('CHECKOUT_EXPIRED'),
      `a coupon of two uses: ${status} ${text}`,
    );
  holds(accepted.length <= 2, `a coupon of two uses was given to ${accepted.length} orders`);
  for (const id of accepted) {
    diary.orders.add(id);
    await atRest(scene, id, token);
  }
  counted(scene, 'competed for a coupon');
};

/** More machines than a licence has room for, at once; and the very bytes that are sold. */
export const usesALicense: Errand = async (scene) => {
  const { door, market } = scene;
  const found = await bought(scene, [{ shop: market.shops[0] }], 'pm_card_visa');
  if (found === undefined) return;
  const token = await buyerOf(scene);
  const [license] = listOf(found.licenses);
  const id = textOf(license ?? {}, 'id');
  const activations = await Promise.all(
    [0, 1, 2, 3, 4].map((n) =>
      post(door, `/licenses/${id}/activations`, { machine: `machine-${n}` }, as(scene, token, `activate-${n}`)),
    ),
  );
  const done = activations.filter(({ status }) => status < 300).length;
  same(done, 3, `machines of licence ${id}: ${activations.map(({ text }) => text).join(' ')}`);
  const { url, sha256 } = await posted(door, '/downloads', { licenseId: id }, { token });
  const file = await door.send({ method: 'GET', url: String(url).replace(/^https?:\/\/[^/]+/, ''), headers: {} });
  same(file.status, 200, `download of licence ${id}`);
  same(createHash('sha256').update(file.text).digest('hex'), sha256, `bytes of licence ${id}`);
  counted(scene, 'activated and downloaded');
};

const vanishes = 'vanishing';
/** What stands in every name of a person who is to be erased, and nowhere else. */
export const markOfTheErased = `${vanishes}-`;

/** Somebody comes, buys, uses the licence, and wants to be forgotten. */
export const comesAndIsErased: Errand = async (scene) => {
  const { door, diary, market } = scene;
  const name = `${scene.name(vanishes)}-away`; // its end tells it from others also where base64 cuts two characters off
  await register(door, name);
  const token = await signedIn(door, name);
  const [one] = market.shops;
  const billing = { billing: { country: 'DE', name } };
  const id = await ordered(scene, token, [{ shop: one }], 'pm_card_visa', billing);
  if (id !== undefined) diary.orders.add(id);
  const { licenses } = id === undefined ? {} : await atRest(scene, id, token);
  for (const license of listOf(licenses)) {
    const machine = { machine: `${name}-laptop`, name: `Laptop of ${name}` };
    await posted(door, `/licenses/${textOf(license, 'id')}/activations`, machine, as(scene, token, 'activate'));
  }
  diary.erased.add(name);
  for (;;) {
    const reply = await asked(door, 'DELETE', '/me', undefined, as(scene, token, 'erase'));
    // Asked again after its answer was lost, the account is gone already.
    if (reply.status === 202 || reply.status === 401) break;
    if (reply.status !== 409) throw new Broken(`DELETE /me answered ${reply.status} ${reply.text}`);
    await door.pause();
  }
  const login = { email: `${name}@example.test`, password: 'a long enough passphrase 42' };
  same((await post(door, '/auth/login', login)).status, 401, `sign-in of ${name}, who is erased`);
  counted(scene, 'erased');
};

/** Reads what people read. */
export const looksAround: Errand = async (scene) => {
  const token = await buyerOf(scene);
  await got(scene.door, '/orders?limit=20', { token });
  await got(scene.door, '/licenses?limit=20', { token });
  await got(scene.door, '/search?q=sorter');
  await got(scene.door, '/products');
  counted(scene, 'looked around');
};
