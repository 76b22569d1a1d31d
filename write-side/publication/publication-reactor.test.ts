import { describe, expect, it } from 'vitest';
import { previewOf } from '../../domain/workflow/preview.ts';
import { builtinScanner } from '../../infra/scanner/builtin-scanner.ts';
import type { MalwareScanner } from '../../infra/scanner/port.ts';
import { leakyWorkflow, type Market, openMarket, secret, workflow } from '../products/market.test.ts';

const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-');

const ownTestMalware = ['AUTOPILOT', 'TEST', 'MALWARE', '7d1c'].join('-');

/** Fails the first `times` scans. */
const failingScanner = (times: number): MalwareScanner & { scans: number } => {
  const real = builtinScanner();
  const scanner = {
    scans: 0,
    scan: async (content: AsyncIterable<Uint8Array>) => {
      scanner.scans += 1;
      if (scanner.scans <= times) throw new Error('the scanner is down');
      return real.scan(content);
    },
  };
  return scanner;
};

/** A submitted product with one version, not scanned yet. */
const submitted = async (market: Market, content: unknown, changes: object = {}) => {
  const { token } = await market.seller();
  const id = await market.draft(token, changes);
  await market.upload(token, id, content);
  await market.call('POST', `/products/${id}/submit`, { as: token });
  return { id, token };
};
const textOf = async (market: Market, key: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of market.objects.read(key)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('a version that was uploaded', () => {
  it('concerns the process by its product', async () => {
    const market = await openMarket();
    const { id } = await submitted(market, workflow);
    const concerned: string[] = [];
    for await (const batch of market.store.readAll({})) {
      for (const decoded of await market.codec.decode(batch)) {
        if (decoded.ok) concerned.push(...market.reactor.concerns(decoded.event));
      }
    }
    expect(concerned).toEqual([id]);
  });

  it('goes on sale when it is clean, with its facts and its preview', async () => {
    const market = await openMarket();
    const { id } = await submitted(market, workflow);
    await market.reactor.drive(id);
    const product = await market.product(id);
    expect(product).toMatchObject({ status: 'published', saleVersion: '1.0.0' });
    const [version] = product.versions;
    expect(version).toMatchObject({ state: 'clean', findings: [], nodeCount: 2, integrations: ['Slack'] });
    const preview = await textOf(market, version?.previewKey ?? '');
    expect(JSON.parse(preview)).toEqual(JSON.parse(JSON.stringify(previewOf(workflow))));
  });

  it('is blocked for a live secret, which is named and never told', async () => {
    const market = await openMarket();
    const { id } = await submitted(market, leakyWorkflow);
    await market.reactor.drive(id);
    const product = await market.product(id);
    expect(product).toMatchObject({
      status: 'rejected',
      by: 'scan',
      versions: [{ state: 'blocked', findings: [{ node: 'Charge' }] }],
    });
    expect(product.versions[0]?.findings[0]).toMatchObject({
      kind: expect.any(String),
      path: expect.stringContaining('headerParameters'),
    });
    const told = JSON.stringify(product) + (await textOf(market, product.versions[0]?.previewKey ?? ''));
    expect(told).not.toContain(secret);
    expect(told).not.toContain(secret.slice(-12));
  });

  it.each([
    ['other', 'EICAR-Test-File', eicar],
    ['n8n-workflow', 'Autopilot-Test-File', JSON.stringify({ ...leakyWorkflow, name: ownTestMalware })],
  ])('of kind %s is infected when malware is in it', async (kind, text, content) => {
    const market = await openMarket();
    const { id } = await submitted(market, content, { kind });
    await market.reactor.drive(id);
    expect(await market.product(id)).toMatchObject({
      status: 'rejected',
      by: 'scan',
      versions: [{ state: 'infected', findings: [{ kind: 'malware', text }] }],
    });
    expect((await market.storedObjects()).filter((name) => name.startsWith('previews'))).toEqual([]);
  });

  it('takes the sale over from an older one only when it is clean', async () => {
    const market = await openMarket();
    const { id, token } = await submitted(market, workflow);
    await market.reactor.drive(id);
    await market.upload(token, id, leakyWorkflow, '1.1.0');
    await market.reactor.drive(id);
    expect(await market.product(id)).toMatchObject({ status: 'published', saleVersion: '1.0.0' });
    await market.upload(token, id, workflow, '1.2.0');
    await market.reactor.drive(id);
    expect(await market.product(id)).toMatchObject({ status: 'published', saleVersion: '1.2.0' });
  });
});

describe('a scan', () => {
  it('is recorded once, however often it is driven', async () => {
    const market = await openMarket();
    const { id } = await submitted(market, workflow);
    await Promise.all([market.reactor.drive(id), market.reactor.drive(id), market.reactor.drive(id)]);
    await market.reactor.drive(id);
    expect((await market.typesInLog()).filter((type) => type === 'VersionScanned')).toHaveLength(1);
  });

  it('of bytes that are not there counts as one that could not run', async () => {
    const market = await openMarket();
    const { id } = await submitted(market, workflow);
    await market.objects.remove((await market.product(id)).versions[0]?.objectKey ?? '');
    await expect(market.reactor.drive(id)).rejects.toThrow('no object');
    expect((await market.product(id)).versions[0]?.state).toBe('scanning');
  });

  it('that fails is driven again', async () => {
    const market = await openMarket({ scanner: failingScanner(4) });
    const { id } = await submitted(market, workflow);
    for (let tries = 0; tries < 4; tries += 1)
      await expect(market.reactor.drive(id)).rejects.toThrow('the scanner is down');
    await market.reactor.drive(id);
    expect((await market.product(id)).status).toBe('published');
  });

  it('that fails five times blocks its version, and says so', async () => {
    const scanner = failingScanner(5);
    const market = await openMarket({ scanner });
    const { id, token } = await submitted(market, workflow);
    for (let tries = 0; tries < 4; tries += 1) await expect(market.reactor.drive(id)).rejects.toThrow();
    await market.reactor.drive(id);
    expect(await market.product(id)).toMatchObject({
      status: 'rejected',
      versions: [{ state: 'blocked', findings: [{ kind: 'scan-unavailable' }] }],
    });
    await market.reactor.drive(id);
    expect(scanner.scans).toBe(5);
    await market.upload(token, id, workflow, '1.0.1');
    await market.reactor.drive(id);
    expect((await market.product(id)).versions.at(-1)?.state).toBe('clean');
  });

  it('that fails holds up no other version', async () => {
    const market = await openMarket({ scanner: failingScanner(1) });
    const { id, token } = await submitted(market, workflow);
    await market.upload(token, id, workflow, '2.0.0');
    await expect(market.reactor.drive(id)).rejects.toThrow();
    expect((await market.product(id)).versions.map(({ state }) => state).sort()).toEqual(['clean', 'scanning']);
  });
});
