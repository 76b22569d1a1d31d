import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { formatFor } from './negotiate.ts';

const chosen = async (accept: string | undefined): Promise<string> => {
  const app = Fastify();
  app.get('/', async (request) => formatFor(request, ['application/json', 'text/csv']));
  const headers = accept === undefined ? {} : { accept };
  const { statusCode, body } = await app.inject({ method: 'GET', url: '/', headers });
  await app.close();
  return statusCode === 200 ? body : String(statusCode);
};

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV;header=present', 'text/csv'],
  ['text/*, */*;q=0.1', 'text/csv'],
  ['application/json, text/csv', 'application/json'],
  ['application/json;q=0.5, text/csv', 'text/csv'],
  ['*/*, text/csv', 'text/csv'],
  ['*/*, application/json;q=0', 'text/csv'],
  ['application/pdf', '406'],
])('Accept: %s is answered with %s', async (accept, format) => expect(await chosen(accept)).toBe(format));
