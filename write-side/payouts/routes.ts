import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { type Vendor, vendorDecider } from '../../domain/vendor/vendor.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { VendorBooks } from '../books/vendor-books.ts';
import { stepOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import {
  type CommandRouteDeps,
  commandRoute,
  idParams,
  mainStream,
  noBody,
  refuseRevision,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { moneyBody } from '../orders/order-body.ts';

export type PayoutDeps = CommandRouteDeps & {
  readonly books: VendorBooks;
  /** Where money goes while the vendor has named no account; undefined: refused. */
  readonly defaultPayoutAccount: string | undefined;
};

const payoutBody = z.strictObject({ amount: moneyBody });
const payoutParams = z.object({ id: z.uuid(), payoutId: z.uuid() });

type OwnVendor = Exclude<Vendor, { status: 'none' }>;

/** @throws DomainError NOT_FOUND: somebody else's vendor is as absent as none */
const ownVendor = async (handling: Handling, vendorId: string, identity: Identity): Promise<OwnVendor> => {
  const { state } = await handling.load(vendorDecider, vendorId);
  if (state.status === 'none' || state.ownerId !== identity.accountId) throw domainError('NOT_FOUND');
  return state;
};

/** Commands on a vendor's payouts: the money is reserved in the vendor's account first, then the payout exists. */
export const payoutRoutes = (app: FastifyInstance, deps: PayoutDeps): void => {
  const { handling, books } = deps;

  commandRoute(app, deps, {
    method: 'POST',
    url: '/vendors/:id/payouts',
    summary: 'Pay out available money',
    tag: 'Money',
    access: { roles: ['vendor'] },
    status: 202,
    body: payoutBody,
    params: idParams,
    refuses: ['INSUFFICIENT_BALANCE', 'VENDOR_NOT_APPROVED', 'VENDOR_STATE', 'PAYOUT_STATE'],
    main: ({ newId }) => mainStream(vendorPayoutDecider, newId),
    run: async ({ params, body, identity, context, ifRevision, newId: payoutId }) => {
      const vendor = await ownVendor(handling, params.id, signedIn(identity));
      refuseRevision(ifRevision);
      if (vendor.status !== 'approved') throw domainError('VENDOR_NOT_APPROVED');
      const payoutAccount = vendor.payoutAccount ?? deps.defaultPayoutAccount;
      if (payoutAccount === undefined) throw domainError('VENDOR_STATE', 'Name a payout account first.');
      const terms = { payoutId, amount: body.amount.amount, currency: body.amount.currency, payoutAccount };
      await books.handle(params.id, { type: 'ReservePayout', ...terms }, stepOf(context, 'reserve'));
      return handling.handle(
        vendorPayoutDecider,
        payoutId,
        { type: 'RequestPayout', vendorId: params.id, ...terms },
        context,
      );
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/vendors/:id/payouts/:payoutId/cancel',
    summary: 'Cancel a payout while it is requested',
    tag: 'Money',
    access: { roles: ['vendor'] },
    status: 200,
    body: noBody,
    params: payoutParams,
    refuses: ['PAYOUT_STATE'],
    main: ({ params }) => mainStream(vendorPayoutDecider, params.payoutId),
    run: async ({ params, identity, context, ifRevision }) => {
      await ownVendor(handling, params.id, signedIn(identity));
      const { state } = await handling.load(vendorPayoutDecider, params.payoutId);
      if (state.status === 'none' || state.terms.vendorId !== params.id) throw domainError('NOT_FOUND');
      return handling.handle(
        vendorPayoutDecider,
        params.payoutId,
        { type: 'CancelPayout', payoutId: params.payoutId },
        context,
        { ifRevision },
      );
    },
  });
};
