import { createHash } from 'node:crypto';
import { type Body, type Client, textOf } from '../client.ts';
import type { Session } from '../command.ts';
import { until } from '../until.ts';
import { workflowOfLine } from '../workflow-of-line.ts';
import { expectThat, type Teller } from './teller.ts';

export type Person = { readonly client: Client; readonly id: string; readonly email: string };
/** Roles come with a new sign-in. */
type Registered = Person & { readonly signedInAgain: () => Person };
export type Market = {
  readonly session: Session;
  readonly teller: Teller;
  /** Makes names of this run differ from those of the last. */
  readonly run: string;
  readonly admin: Client;
  readonly vendor: Person & { readonly vendorId: string };
  readonly buyer: Person;
  /** Auditor and operator. */
  readonly controller: Person;
  readonly product: Product;
};
export type Product = {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly file: string;
  readonly sha256: string;
};

export const price = { amount: 2900, currency: 'USD' };
export const usd = (amount: number): string => `${amount < 0 ? '-' : ''}$${(Math.abs(amount) / 100).toFixed(2)}`;

export const fieldOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, name) => (at instanceof Object ? Object.entries(at).find(([key]) => key === name)?.[1] : undefined),
    value,
  );

/** Signs somebody up, under a password that nobody ever sees. */
const registered = async (session: Session, run: string, name: string): Promise<Registered> => {
  const email = `${name.toLowerCase()}.${run}@story.example`;
  const password = Buffer.from(session.terminal.random.bytes(24)).toString('base64url');
  const id = textOf(await session.nobody().ok('POST', '/auth/register', { email, password, displayName: name }), 'id');
  const person = (): Person => ({ id, email, client: session.as({ by: 'password', email, password }) });
  return { ...person(), signedInAgain: person };
};

const line = (run: string) => ({
  title: `Invoice sorter ${run}`,
  summary: 'Reads invoices from mail and files them.',
  description: 'Reads every invoice that arrives by mail, asks a model what it is, and files it in a sheet.',
  kind: 'n8n-workflow',
  category: 'Invoice Processing',
  tags: ['scheduled', 'mail'],
  integrations: ['Gmail', 'OpenAI', 'Google Sheets'],
  price,
  licenseTiers: [{ id: 'solo', name: 'Solo', price, activationLimit: 1 }],
});

export const uploadOf = (file: string, version: string): FormData => {
  const form = new FormData();
  form.set('version', version);
  form.set('file', new Blob([file], { type: 'application/json' }), 'workflow.json');
  return form;
};

/** Chapter one: the people, and a product on sale. */
export const openMarket = async (session: Session, teller: Teller): Promise<Market> => {
  const { terminal } = session;
  const run = Buffer.from(terminal.random.bytes(4)).toString('hex');
  const { step } = teller;
  const admin = session.client('admin');

  await step('An administrator signs in', async () => {
    const { roles } = await admin.ok('GET', '/me');
    expectThat({ isAdmin: Array.isArray(roles) && roles.includes('admin') }, { isAdmin: true });
  });
  const vera = await step('Vera registers, and becomes a vendor', () => registered(session, run, 'Vera'));
  const shop = await vera.client.ok('POST', '/vendors', {
    ...{ displayName: `Vera's workflows ${run}`, country: 'DE', defaultCurrency: 'USD' },
  });
  const vendorId = textOf(shop, 'id');
  const vendor = { ...vera.signedInAgain(), vendorId };
  await step('The administrator approves her', () => admin.ok('POST', `/vendors/${vendorId}/approve`, {}));
  const buyer = await step('Ben registers, to buy', () => registered(session, run, 'Ben'));
  const controller = await step('Olga registers, and is made auditor and operator', async () => {
    const olga = await registered(session, run, 'Olga');
    await admin.ok('PUT', `/accounts/${olga.id}/roles`, { roles: ['auditor', 'operator'] });
    return olga;
  });

  const draft = line(run);
  const file = JSON.stringify(workflowOfLine(draft), null, 2);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const id = await step(`Vera drafts "${draft.title}" for ${usd(price.amount)}`, async () =>
    textOf(await vendor.client.ok('POST', '/products', draft), 'id'),
  );
  await step('It is not ready for sale without a file: 409 NOT_READY', async () => {
    const refused = await vendor.client.call('POST', `/products/${id}/submit`);
    expectThat({ status: refused.status, code: refused.body.code }, { status: 409, code: 'NOT_READY' });
  });
  await step('She uploads an n8n workflow, which is scanned', async () => {
    const { position } = await vendor.client.ok('POST', `/products/${id}/versions`, uploadOf(file, '1.0.0'));
    await until(terminal, 'the version is clean', async (seen) => {
      const version = await vendor.client.ok('GET', `/products/${id}/versions/1.0.0`, undefined, {
        at: String(position),
      });
      seen(version.state);
      return version.state === 'clean';
    });
  });
  await step('She asks for publication', () => vendor.client.ok('POST', `/products/${id}/submit`));
  await step('The administrator approves', async () => {
    const approved = await admin.call('POST', `/products/${id}/approve`, { reason: 'fine' });
    const already = fieldOf(approved.body, 'code') === 'PRODUCT_STATE'; // PRODUCT_APPROVAL=off: it is on sale by now
    expectThat(approved.status < 300 || already, true);
  });
  const page = await step(
    'It is on sale, and search finds it',
    async () => {
      const nobody = session.nobody();
      const found = await until(terminal, 'the product page', async (seen) => {
        const answer = await nobody.call('GET', `/products/${id}`);
        seen(answer.status);
        return answer.status === 200 && answer.body;
      });
      await until(terminal, 'search finds it', async () => {
        const { items } = await nobody.ok('GET', `/search?q=${encodeURIComponent(draft.title)}`);
        return Array.isArray(items) && items.some((item) => fieldOf(item, 'id') === id);
      });
      return found;
    },
    (found) => `${session.url}/api/v1/products/${String(found.slug)}`,
  );
  await step('Anybody sees what it does, before buying', async () => {
    const preview = await session.nobody().ok('GET', `/products/${id}/preview`);
    const nodes = fieldOf(preview, 'workflow', 'nodes');
    expectThat(Array.isArray(nodes) && nodes.length >= 5, true);
  });
  const product = { id, slug: textOf(page, 'slug'), title: draft.title, file, sha256 };
  return { session, teller, run, admin, vendor, buyer, controller, product };
};

/** Ben orders one. Answers the order's id. */
export const ordered = async ({ buyer, product }: Market, paymentMethod: string, more: Body = {}): Promise<string> => {
  const items = [{ productId: product.id, quantity: 1, expectedPrice: price }];
  const answer = await buyer.client.ok('POST', '/orders', { items, paymentMethod, ...more });
  await buyer.client.ok('GET', `/orders/${textOf(answer, 'id')}`, undefined, { at: textOf(answer, 'position') });
  return textOf(answer, 'id');
};

/** The order once it is so. */
export const orderWhen = (
  { session, buyer }: Market,
  id: string,
  what: string,
  isSo: (order: Body) => boolean,
  deadlineMs?: number,
): Promise<Body> =>
  until(
    session.terminal,
    `the order ${what}`,
    async (seen) => {
      const order = await buyer.client.ok('GET', `/orders/${id}`);
      seen({ state: order.state, disputed: order.disputed, reason: order.reason, refunds: order.refunds });
      return isSo(order) && order;
    },
    deadlineMs,
  );

export const orderIs = (market: Market, id: string, state: string, deadlineMs?: number): Promise<Body> =>
  orderWhen(market, id, `is ${state}`, (order) => order.state === state, deadlineMs);

/** The one licence of an order, in this state. */
export const licenseIs = ({ session, buyer }: Market, id: string, state: string): Promise<Body> =>
  until(session.terminal, `the licence is ${state}`, async (seen) => {
    const license = await buyer.client.ok('GET', `/licenses/${id}`);
    seen(license.state);
    return license.state === state && license;
  });

export const licenseOf = (order: Body): string => String(fieldOf(order, 'licenses', '0', 'id'));
