import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationsOf } from './api-document.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.dispose());

const uuid = '7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4d';
const methods = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

/** The methods of each path of the API document, with something in place of its parameters. */
const documented = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const all = (await operationsOf(system)).map(({ key }) => key.split(' '));
  const byPath = Map.groupBy(all, ([, path = '']) => path.replace(/\{\w+\}/g, uuid));
  return new Map([...byPath].map(([path, own]) => [path, own.map(([method = '']) => method)]));
};
const urlOf = (path: string): string => (/^\/(health|metrics|\.well-known)/.test(path) ? path : `/api/v1${path}`);

test('OPTIONS tells what a path takes, to nobody but its own origin; any other method is 405 and says the same', async () => {
  for (const [path, own] of await documented()) {
    const url = urlOf(path);
    const options = await system.app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://elsewhere.test' } });
    expect([url, options.statusCode, options.body]).toEqual([url, 204, '']);
    expect(Object.keys(options.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const allowed = String(options.headers.allow).split(', ');
    expect(allowed).toEqual(expect.arrayContaining([...own, 'OPTIONS', ...(own.includes('GET') ? ['HEAD'] : [])]));
    for (const method of methods.filter((each) => !allowed.includes(each))) {
      const wrong = await system.app.inject({ method, url: `${url}?a=1` });
      expect([method, url, wrong.statusCode, wrong.json().code]).toEqual([method, url, 405, 'METHOD_NOT_ALLOWED']);
      expect(wrong.headers.allow).toBe(options.headers.allow);
    }
  }
});

test('HEAD is answered as GET is, without the body', async () => {
  for (const url of ['/api/v1/products', '/api/v1/orders', '/health/ready']) {
    const [head, get] = [await system.app.inject({ method: 'HEAD', url }), await system.app.inject(url)];
    expect([head.statusCode, head.body]).toEqual([get.statusCode, '']);
  }
});

test('a path that there is not has no method', async () => {
  for (const method of ['OPTIONS', 'GET', 'POST'] as const)
    expect((await system.app.inject({ method, url: '/api/v1/nothing' })).json()).toMatchObject({ code: 'NOT_FOUND' });
});
