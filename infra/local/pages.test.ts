import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorTable } from '../../domain/errors.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.dispose());

const page = async (url: string): Promise<string> => {
  const response = await system.app.inject({ method: 'GET', url });
  expect([url, response.statusCode, response.headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8']);
  return response.body;
};

it('/ says what runs here and links to the documentation', async () => {
  const home = await page('/');
  expect(home).toContain('Autopilot');
  expect(home).toContain('href="/docs"');
});

it('the type of every problem document leads to its code', async () => {
  const { type } = (await system.app.inject({ method: 'GET', url: '/api/v1/me' })).json();
  expect(type).toBe('/docs/errors#UNAUTHENTICATED');
  const codes = await page('/docs/errors');
  for (const code of Object.keys(errorTable)) expect(codes).toContain(`id="${code}"`);
});

it('the readable documentation loads', async () => {
  expect((await system.app.inject({ method: 'GET', url: '/docs/' })).statusCode).toBe(200);
});
