import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { isCurrency } from '../../domain/money/currency.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Identity } from '../../infra/http/port.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream, noParams } from '../http/command-route.ts';
import { isCountry } from './countries.ts';
import { registerVendor, vendorIdOf } from './register-vendor.ts';

const tag = 'Vendors';

const registration = z.strictObject({
  displayName: z.string().trim().min(1).max(120),
  country: z.string().refine(isCountry, 'is not a country of ISO 3166-1 (two capital letters)'),
  defaultCurrency: z.string().refine(isCurrency, 'is not a currency of ISO 4217 (three capital letters)'),
});
/** What may change; the defaults of what is made from then on, never of what was sold. */
const settings = registration
  .partial()
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), 'must change something');
const decision = z.strictObject({ reason: z.string().trim().min(1).max(1_000).optional() }).nullish();
const payoutAccount = z.strictObject({
  token: z.string().regex(/^[\x21-\x7e]{1,255}$/, 'is 1 to 255 visible characters'),
});

const decisions = [
  { path: 'approve', type: 'ApproveVendor', summary: 'Let a vendor sell' },
  { path: 'suspend', type: 'SuspendVendor', summary: 'Stop a vendor’s sales' },
  { path: 'reinstate', type: 'ReinstateVendor', summary: 'Let a suspended vendor sell again' },
] as const;

const accountIdOf = (identity: Identity | undefined): string => {
  if (identity === undefined) throw domainError('UNAUTHENTICATED');
  return identity.accountId;
};

/** Becoming a vendor, what administrators decide about it, and where its money goes. Paths are below the base path. */
export const vendorRoutes = (app: FastifyInstance, deps: CommandRouteDeps): void => {
  const { handling } = deps;
  const matching = (ifRevision: bigint | undefined) => (ifRevision === undefined ? {} : { ifRevision });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/vendors',
    summary: 'Become a vendor; an administrator approves',
    tag,
    access: 'signedIn',
    status: 201,
    body: registration,
    params: noParams,
    refuses: ['NOT_FOUND', 'VENDOR_EXISTS', 'ACCOUNT_ERASED'],
    main: ({ identity }) => mainStream(vendorDecider, vendorIdOf(accountIdOf(identity))),
    run: ({ body, identity, context, ifRevision }) =>
      registerVendor(deps, { ownerId: accountIdOf(identity), ...body }, context, matching(ifRevision)),
  });

  for (const { path, type, summary } of decisions)
    commandRoute(app, deps, {
      method: 'POST',
      url: `/vendors/:id/${path}`,
      summary,
      tag,
      access: { roles: ['admin'] },
      status: 200,
      body: decision,
      params: idParams,
      refuses: ['VENDOR_STATE'],
      main: ({ params }) => mainStream(vendorDecider, params.id),
      run: ({ body, params, context, ifRevision }) => {
        const reason = body?.reason;
        const command = { type, ...(reason === undefined ? {} : { reason }) };
        return handling.handle(vendorDecider, params.id, command, context, matching(ifRevision));
      },
    });

  commandRoute(app, deps, {
    method: 'PATCH',
    url: '/vendors/:id',
    summary: 'Change the vendor’s settings; its slug stays',
    tag,
    access: { roles: ['vendor'] },
    status: 200,
    body: settings,
    params: idParams,
    main: ({ params }) => mainStream(vendorDecider, params.id),
    run: async ({ body, params, identity, context, ifRevision }) => {
      const { state } = await handling.load(vendorDecider, params.id);
      if (state.status === 'none' || state.ownerId !== accountIdOf(identity)) throw domainError('NOT_FOUND');
      const { displayName, country, defaultCurrency } = body;
      const changes = {
        ...(displayName === undefined ? {} : { displayName }),
        ...(country === undefined ? {} : { country }),
        ...(defaultCurrency === undefined ? {} : { defaultCurrency }),
      };
      const command = { type: 'ReviseVendor', changes } as const;
      return handling.handle(vendorDecider, params.id, command, context, matching(ifRevision));
    },
  });

  commandRoute(app, deps, {
    method: 'PUT',
    url: '/vendors/:id/payout-account',
    summary: 'Set where payouts go: a token of the payment provider',
    tag: 'Money',
    access: { roles: ['vendor'] },
    status: 200,
    body: payoutAccount,
    params: idParams,
    main: ({ params }) => mainStream(vendorDecider, params.id),
    run: async ({ body, params, identity, context, ifRevision }) => {
      const { state } = await handling.load(vendorDecider, params.id);
      if (state.status === 'none' || state.ownerId !== accountIdOf(identity)) throw domainError('NOT_FOUND');
      const command = { type: 'SetPayoutAccount', account: body.token } as const;
      return handling.handle(vendorDecider, params.id, command, context, matching(ifRevision));
    },
  });
};
