import { type Body, textOf } from '../client.ts';
import { until } from '../until.ts';
import { fieldOf, type Market, price, uploadOf } from './market.ts';
import { expectThat } from './teller.ts';

/** Looks like a live key to everybody who scans for such; in parts, so that nobody takes this file for a leak. */
const leakedKey = ['sk_live', '9f8a7b6c5d4e3f2a1b0c9d8e'].join('_');
/** What every installation's scanner knows, and nobody else. */
const malware = ['AUTOPILOT', 'TEST', 'MALWARE', '7d1c'].join('-');

/** The workflow with one more node that calls somebody with this in its header. */
const withHeader = (file: string, value: string): string => {
  const workflow: { readonly nodes: readonly object[] } = JSON.parse(file);
  const call = {
    ...{ id: 'call', name: 'Call the bank', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, position: [0, 480] },
    parameters: { url: 'https://example.com', headerParameters: { parameters: [{ name: 'x-api-key', value }] } },
  };
  return JSON.stringify({ ...workflow, nodes: [...workflow.nodes, call] });
};

/** Uploads a version and waits for its verdict. */
const scanned = async ({ session, vendor, product }: Market, version: string, file: string): Promise<Body> => {
  const path = `/products/${product.id}/versions`;
  const { position } = await vendor.client.ok('POST', path, uploadOf(file, version));
  return until(session.terminal, `a verdict on ${version}`, async (seen) => {
    const found = await vendor.client.ok('GET', `${path}/${version}`, undefined, { at: String(position) });
    seen(found.state);
    return found.state !== 'scanning' && found;
  });
};

/** Files that must not be sold, and a product that is taken off sale: what the vendor is told, and what buyers see. */
export const moderation = async (market: Market): Promise<void> => {
  const { session, teller, vendor, buyer, admin, product } = market;
  const { step } = teller;
  const nobody = session.nobody();
  const page = `/products/${product.id}`;

  await step('A file that is no n8n workflow is refused at once: 400 INVALID_FILE', async () => {
    const { status, body } = await vendor.client.call('POST', `${page}/versions`, uploadOf('{"hello":1}', '1.1.0'));
    expectThat({ status, code: body.code }, { status: 400, code: 'INVALID_FILE' });
  });
  await step(
    'Vera forgets a live key in version 1.1.0: blocked; she is told where, and the key is shown nowhere',
    async () => {
      const version = await scanned(market, '1.1.0', withHeader(product.file, leakedKey));
      expectThat(version, { state: 'blocked', findings: [{ node: 'Call the bank' }] });
      expectThat(JSON.stringify(version).includes(leakedKey), false);
      return version;
    },
    ({ findings }) => `${String(fieldOf(findings, '0', 'kind'))} in "${String(fieldOf(findings, '0', 'node'))}"`,
  );
  await step('Version 1.2.0 has malware in it: infected', async () => {
    expectThat(await scanned(market, '1.2.0', withHeader(product.file, malware)), { state: 'infected' });
  });
  await step('Buyers see nothing of either: version 1.0.0 is on sale as before', async () => {
    expectThat(await nobody.ok('GET', page), { latestVersion: '1.0.0' });
    const { items } = await nobody.ok('GET', `${page}/versions`);
    expectThat(items, [{ version: '1.0.0' }]);
    expectThat((await nobody.call('GET', `${page}/versions/1.1.0`)).status, 404);
  });
  await step('A clean version 1.3.0 goes on sale by itself', async () => {
    await scanned(market, '1.3.0', JSON.stringify(JSON.parse(product.file)));
    await until(session.terminal, '1.3.0 is on sale', async (seen) => {
      const { latestVersion } = await nobody.ok('GET', page);
      seen(latestVersion);
      return latestVersion === '1.3.0';
    });
  });

  await step('The administrator takes the product off sale: strangers get 404, nobody can order it', async () => {
    const at = textOf(await admin.ok('POST', `${page}/suspend`, { reason: 'a complaint' }), 'position');
    expectThat((await nobody.call('GET', page, undefined, { at })).status, 404);
    const items = [{ productId: product.id, quantity: 1, expectedPrice: price }];
    const { status, body } = await buyer.client.call('POST', '/orders', { items, paymentMethod: 'pm_card_visa' });
    expectThat({ status, code: body.code }, { status: 409, code: 'NOT_ON_SALE' });
  });
  await step('Ben, who bought it, still sees it and downloads what he has', async () => {
    expectThat(await buyer.client.ok('GET', page), { state: 'suspended' });
    const { items } = await buyer.client.ok('GET', '/licenses');
    const licenseId = String(fieldOf(items, '0', 'id'));
    await buyer.client.ok('POST', '/downloads', { licenseId, version: '1.0.0' });
  });
  await step('It is looked into and approved again: on sale', async () => {
    const at = textOf(await admin.ok('POST', `${page}/approve`, { reason: 'all well' }), 'position');
    expectThat(await nobody.ok('GET', page, undefined, { at }), { state: 'published' });
  });
};
