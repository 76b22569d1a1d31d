import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError, errorTable } from '../domain/errors.ts';

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ground: light-dark(#f6f4ee, #11161d); --ink: light-dark(#15181d, #ece9e1); --ink-2: light-dark(#454a53, #b4bac3); --line: light-dark(#e0dcd0, #262f3b); --sky: light-dark(#176684, #74bedb); }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 64px 24px; }
h1 { font-size: 36px; line-height: 1.1; letter-spacing: -0.03em; margin: 0 0 12px; }
p { color: var(--ink-2); margin: 0 0 24px; }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); padding: 12px 0; display: flex; gap: 24px; justify-content: space-between; flex-wrap: wrap; }
a { color: var(--sky); text-underline-offset: 3px; }
</style>
</head>
<body><main>${body}</main></body>
</html>`;

const home = page(
  'Autopilot',
  `<h1>Autopilot</h1>
<p>A marketplace for AI agents, n8n workflows and automation assets. This is its API; the pages of the storefront and the consoles are not part of this release.</p>
<ul>
<li><a href="/docs">API documentation</a><span>every route, who may call it, what it answers</span></li>
<li><a href="/openapi.json">openapi.json</a><span>the same for machines, OpenAPI 3.1</span></li>
<li><a href="/api/v1/products">Catalogue</a><span>what is on sale now</span></li>
<li><a href="/health/ready">Health</a><span>ready means that people can sign in and buy</span></li>
</ul>`,
);

/** What the `type` of a problem document leads to: every code, with its status and what it means. */
const errors = page(
  'Autopilot: error codes',
  `<h1>Error codes</h1>
<p>Errors are RFC 9457 problem documents. Branch on the code; texts may change.</p>
<ul>
${Object.entries(errorTable)
  .map(([code, [status, title]]) => `<li id="${code}"><code>${code}</code><span>${status} · ${title}</span></li>`)
  .join('\n')}
</ul>`,
);

/** `/` and the two health routes. `ready` answers whether an administrator could sign in now. */
export const pageRoutes = (app: FastifyInstance, deps: { readonly ready: () => boolean }): void => {
  app.get('/', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').serializer(String).send(home),
  );

  app.get('/docs/errors', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').serializer(String).send(errors),
  );

  const health = z.object({ status: z.literal('ok') });
  app.get(
    '/health/live',
    {
      config: { access: 'anyone' },
      schema: { summary: 'The process answers', tags: ['Health'], response: { 200: health } },
    },
    async () => ({
      status: 'ok',
    }),
  );
  app.get(
    '/health/ready',
    {
      config: { access: 'anyone' },
      schema: { summary: 'People can sign in and buy', tags: ['Health'], response: { 200: health } },
    },
    async () => {
      if (!deps.ready()) throw domainError('UNAVAILABLE', 'Starting or stopping.');
      return { status: 'ok' };
    },
  );
};
