import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvedVendor, clientOf, registered } from '../local/test-client.ts';
import { startTestSystem, type TestSystem } from '../local/test-system.ts';
import { asAdministrator, terminalAt } from './test-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'catalogue.jsonl');

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(() => system.dispose());

const line = (n: number, more: object = {}) => ({
  ...{ title: `Robot ${n}`, description: 'Does it.', kind: 'n8n-workflow', category: 'Finance', tags: ['scheduled'] },
  ...{ integrations: ['Gmail', 'OpenAI'], price: { amount: 1900, currency: 'USD' }, ...more },
});
const withRef = (n: number, more: object = {}) => ({ ref: `c${n}`, ...line(n, more) });
const write = (...lines: readonly unknown[]): void =>
  writeFileSync(file, lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'));
const many = (count: number): readonly unknown[] => Array.from({ length: count }, (_, n) => withRef(n));

/** Until the list of the shop, a read model of its own, shows so many different titles and no more. */
const onSale = (count: number) =>
  system.until(`${count} on sale`, async () => {
    const { items } = await clientOf(system).ok('GET', '/products?limit=100');
    const titles = Array.isArray(items) ? items.map(({ title }) => String(title)) : [];
    return titles.length === count && new Set(titles).size === count;
  });
const draftedEvents = async (): Promise<number> => {
  let count = 0;
  for await (const batch of system.ports.store.readAll({ filter: { types: ['ProductDrafted'] } }))
    count += batch.length;
  return count;
};

describe('autopilot import', () => {
  it('names line, field and reason of every refusal, takes the rest, and exits 1', async () => {
    write(withRef(1), '{"title":', '', withRef(2, { price: 12 }), withRef(3, { colour: 'red' }), withRef(4));
    const { code, out, err } = await terminalAt(system).run('import', file);
    expect(code).toBe(1);
    expect(out).toMatch(/^5 lines: 2 new, 0 there already, 3 refused; /);
    expect(err).toMatch(/line 2: \(line\): .*INVALID_JSON/);
    expect(err).toMatch(/line 4: price: .*INVALID_INPUT/);
    expect(err).toContain('line 5: colour: is not a known field [INVALID_INPUT]');
    expect(await draftedEvents()).toBe(2);
  });

  it('run again finds what is there; a mended file adds only what was mended, with refs or without', async () => {
    write(withRef(1), line(2), line(2), { ...line(3), price: 'free' });
    const { run } = terminalAt(system);
    expect((await run('import', file, '--json')).json()).toMatchObject({ lines: 4, drafted: 3, found: 0, refused: 1 });
    expect((await run('import', file, '--json')).json()).toMatchObject({ drafted: 0, found: 3, refused: 1 });
    write('', withRef(1), line(2), line(3), line(2));
    const mended = await run('import', file, '--json');
    expect(mended.code).toBe(0);
    expect(mended.json()).toMatchObject({ drafted: 1, found: 3, refused: 0, errors: [] });
    expect(await draftedEvents()).toBe(4);
  });

  it('with --publish puts every line on sale, found by search, with a workflow of its integrations', async () => {
    write(...many(12));
    const { code, json } = await terminalAt(system).run('import', file, '--publish', '--json');
    expect({ code, ...json() }).toMatchObject({ code: 0, drafted: 12, published: 12, errors: [] });
    await onSale(12);
    const found = await system.until('all found', async () => {
      const page = await clientOf(system).ok('GET', '/search?q=robot&worksWith=Gmail&category=finance&limit=1');
      return page.total === 12 && page;
    });
    expect(found).toMatchObject({ items: [{ nodeCount: 5, integrations: ['Gmail', 'OpenAI'] }] });
    const before = await system.ports.store.head();
    const again = await terminalAt(system).run('import', file, '--publish', '--json');
    expect(again.json()).toMatchObject({ drafted: 0, found: 12, published: 12 });
    expect(await system.ports.store.head()).toBe(before);
  });

  it.each([3, 4, 9, 38])(
    'broken off at the %i. request exits 3; the next run brings it to its end, nothing twice',
    async (last) => {
      write(...many(12));
      let requests = 0;
      const breaking = terminalAt(system, {
        wrap: (fetch) => async (request) => {
          requests += 1;
          // The server does the last of them, and nobody hears the answer.
          const answer = requests > last ? undefined : await fetch(request);
          if (answer === undefined || requests >= last) throw new TypeError('terminated');
          return answer;
        },
      });
      const broken = await breaking.run('import', file, '--publish');
      expect(broken.code, broken.err).toBe(3);
      expect(broken.err).toContain('run the same command again to continue');
      const { code, json } = await terminalAt(system).run('import', file, '--publish', '--json');
      expect({ code, ...json() }).toMatchObject({ code: 0, lines: 12, refused: 0, published: 12, errors: [] });
      expect(await draftedEvents()).toBe(12);
      await onSale(12);
    },
  );

  it('waits for its vendor where the read models are behind the account', async () => {
    write(withRef(1));
    expect(await terminalAt(system).run('import', file)).toMatchObject({ code: 0 });
    let unknown = 3;
    const lagging = terminalAt(system, {
      wrap: (fetch) => async (request) => {
        const isVendor = /\/vendors\/[^/]+$/.test(request.url);
        if (!isVendor || unknown-- <= 0) return fetch(request);
        return Response.json({ code: 'NOT_FOUND' }, { status: 404 });
      },
    });
    const { code, err } = await lagging.run('import', file);
    expect(code, err).toBe(0);
    expect(unknown).toBeLessThan(0);
  });

  it('stops at Ctrl-C with 130', async () => {
    write(...many(20));
    const stopping = new AbortController();
    const terminal = terminalAt(system, {
      signal: stopping.signal,
      wrap: (fetch) => async (request) => {
        const answer = await fetch(request);
        if (request.url.endsWith('/versions')) stopping.abort();
        return answer;
      },
    });
    const { code, err } = await terminal.run('import', file, '--publish');
    expect(code, err).toBe(130);
    expect(err).toContain('run the same command again to continue');
  });

  it('sells as the account that is signed in; an administrator beside it approves', async () => {
    const vera = await registered(system, 'vera');
    const env = { AUTOPILOT_EMAIL: vera.email, AUTOPILOT_PASSWORD: 'a long enough passphrase 42' };
    write(withRef(1));
    const alone = await terminalAt(system, { env }).run('import', file, '--vendor-name', 'Vera');
    expect(alone, alone.err).toMatchObject({ code: 0, err: `${vera.email} is now the vendor "Vera"\n` });
    const beside = {
      AUTOPILOT_ADMIN_EMAIL: asAdministrator.AUTOPILOT_EMAIL,
      AUTOPILOT_ADMIN_PASSWORD: asAdministrator.AUTOPILOT_PASSWORD,
    };
    const { code } = await terminalAt(system, { env: { ...env, ...beside } }).run('import', file, '--publish');
    expect(code).toBe(0);
    const { items } = await clientOf(system).ok('GET', '/products');
    expect(items).toMatchObject([{ title: 'Robot 1', vendor: { displayName: 'Vera' } }]);
  });

  it('without anybody who approves leaves the products to an administrator, and says so', async () => {
    const vera = await approvedVendor(system, 'vera');
    const env = { AUTOPILOT_EMAIL: vera.email, AUTOPILOT_PASSWORD: 'a long enough passphrase 42' };
    write(withRef(1));
    const { code, err, out } = await terminalAt(system, { env }).run('import', file, '--publish');
    expect(code, err).toBe(0);
    expect(err).toContain('wait for an administrator');
    expect(out).toContain('0 on sale');
  });

  it('is held up by no limit that is meant for visitors', async () => {
    await system.dispose();
    system = await startTestSystem({ env: { RATE_LIMIT: 'on' } });
    write(withRef(1));
    const limits = new Map<string, string | null>();
    const terminal = terminalAt(system, {
      wrap: (fetch) => async (request) => {
        const answer = await fetch(request);
        limits.set(new URL(request.url).pathname.split('/').at(-1) ?? '', answer.headers.get('ratelimit-limit'));
        return answer;
      },
    });
    await terminal.run('import', file, '--publish');
    for (const step of ['versions', 'submit', 'approve']) expect(limits.get(step), step).toBe('3000');
    expect(limits.get('me')).toBe('600');
  });

  it('refuses a file that is not there', async () => {
    expect(await terminalAt(system).run('import', join(folder, 'nothing.jsonl'))).toMatchObject({ code: 2, out: '' });
  });
});
