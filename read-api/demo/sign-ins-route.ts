import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { noParams, noQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';

const signIn = z.object({ role: z.string(), name: z.string(), email: z.string(), password: z.string() });
/** An account of the demo. All of it is public. */
export type DemoSignIn = Readonly<z.infer<typeof signIn>>;

/** `signIns` undefined: this is no demo, and the route is not there. */
export type DemoDeps = QueryRouteDeps & { readonly signIns: readonly DemoSignIn[] | undefined };

/** `GET /demo/sign-ins`: what the sign-in page of a demo offers. */
export const signInsRoute = (app: FastifyInstance, deps: DemoDeps): void => {
  const { signIns } = deps;
  if (signIns === undefined) return;
  queryRoute(app, deps, {
    url: '/demo/sign-ins',
    summary: 'The accounts of the demo, one or more a role; only where DEMO is on',
    tag: 'Accounts',
    access: 'anyone',
    query: noQuery,
    params: noParams,
    answer: z.object({ items: z.array(signIn) }),
    reads: [],
    run: async () => ({ items: [...signIns] }),
  });
};
