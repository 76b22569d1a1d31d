import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ProductCommand } from '../../domain/product/commands.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';
import {
  type CommandRouteDeps,
  commandRoute,
  idParams,
  mainStream,
  noBody,
  noParams,
  refuseRevision,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { catalogueRate } from './catalogue-rate.ts';
import { draftProduct } from './draft-product.ts';
import { knownProduct, ownProduct, vendorOf } from './own-product.ts';
import { optionalReasonBody, productBody, productChanges, reasonBody } from './product-body.ts';

export type ProductDeps = CommandRouteDeps & {
  /** Whether an administrator's consent is needed before a product is on sale. */
  readonly approvalRequired: boolean;
};

const tag = 'Products';
const byVendor = { roles: ['vendor'] };
const byAdmin = { roles: ['admin'] };
const versionParams = z.object({ id: z.uuid(), version: z.string().min(1).max(64) });

/** An administrator any product, a vendor its own. @throws DomainError NOT_FOUND */
const ownProductUnlessAdmin = async (handling: Handling, productId: string, identity: Identity): Promise<void> => {
  if (identity.roles.includes('admin')) await knownProduct(handling, productId);
  else await ownProduct(handling, productId, identity);
};

/** What a vendor does with its products. */
export const vendorProductRoutes = (app: FastifyInstance, deps: ProductDeps): void => {
  const { handling, approvalRequired } = deps;

  commandRoute(app, deps, {
    method: 'POST',
    url: '/products',
    summary: 'Draft a product',
    tag,
    access: byVendor,
    status: 201,
    body: productBody,
    params: noParams,
    refuses: ['VENDOR_STATE', 'PRODUCT_STATE'],
    main: ({ newId }) => mainStream(productDecider, newId),
    run: async ({ newId: productId, identity, body: listing, context, ifRevision }) => {
      const vendorId = await vendorOf(handling, signedIn(identity));
      refuseRevision(ifRevision);
      return draftProduct(deps, { productId, vendorId, listing }, context);
    },
  });

  commandRoute(app, deps, {
    method: 'PATCH',
    url: '/products/:id',
    summary: 'Change what is said of a product; what is absent stays',
    tag,
    access: byVendor,
    status: 200,
    body: productChanges,
    params: idParams,
    refuses: ['PRODUCT_STATE', 'PRODUCT_RETIRED'],
    main: ({ params }) => mainStream(productDecider, params.id),
    run: async ({ params, body, identity, context, ifRevision }) => {
      await ownProduct(handling, params.id, signedIn(identity));
      return handling.handle(productDecider, params.id, { type: 'ReviseProduct', changes: body }, context, {
        ifRevision,
      });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/products/:id/submit',
    summary: 'Ask for publication',
    tag,
    access: byVendor,
    ratePerMinute: catalogueRate,
    status: 200,
    body: noBody,
    params: idParams,
    refuses: ['NOT_READY', 'VENDOR_NOT_APPROVED', 'PRODUCT_STATE', 'PRODUCT_RETIRED'],
    main: ({ params }) => mainStream(productDecider, params.id),
    run: async ({ params, identity, context, ifRevision }) => {
      const { vendor } = await ownProduct(handling, params.id, signedIn(identity));
      const submit = { type: 'SubmitProduct', vendorStatus: vendor.status, approvalRequired } as const;
      return handling.handle(productDecider, params.id, submit, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/products/:id/retire',
    summary: 'Take a product off sale for good',
    tag,
    access: byVendor,
    status: 200,
    body: noBody,
    params: idParams,
    main: ({ params }) => mainStream(productDecider, params.id),
    run: async ({ params, identity, context, ifRevision }) => {
      await ownProduct(handling, params.id, signedIn(identity));
      return handling.handle(productDecider, params.id, { type: 'RetireProduct' }, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/products/:id/versions/:version/yank',
    summary: 'Take a version back: it is neither sold nor downloaded any more',
    tag,
    access: { roles: ['vendor', 'admin'] },
    status: 200,
    body: reasonBody,
    params: versionParams,
    refuses: ['VERSION_STATE'],
    main: ({ params }) => mainStream(productDecider, params.id),
    run: async ({ params, body, identity, context, ifRevision }) => {
      await ownProductUnlessAdmin(handling, params.id, signedIn(identity));
      const yank = { type: 'YankVersion', version: params.version, reason: body.reason, approvalRequired } as const;
      return handling.handle(productDecider, params.id, yank, context, { ifRevision });
    },
  });
};

/** What an administrator decides about a product. */
export const productReviewRoutes = (app: FastifyInstance, deps: ProductDeps): void => {
  const { handling, approvalRequired } = deps;

  const decision = <Body extends z.ZodType>(
    verb: string,
    summary: string,
    body: Body,
    command: (given: z.infer<Body>) => ProductCommand,
  ): void =>
    commandRoute(app, deps, {
      method: 'POST',
      url: `/products/:id/${verb}`,
      summary,
      tag,
      access: byAdmin,
      ratePerMinute: catalogueRate,
      status: 200,
      body,
      params: idParams,
      refuses: ['NOT_READY', 'PRODUCT_STATE', 'PRODUCT_RETIRED'],
      main: ({ params }) => mainStream(productDecider, params.id),
      run: ({ params, body: given, context, ifRevision }) =>
        handling.handle(productDecider, params.id, command(given), context, { ifRevision }),
    });

  decision('approve', 'Agree to publication; reinstates a suspended product', optionalReasonBody, (given) => ({
    type: 'ApproveProduct',
    approvalRequired,
    ...given,
  }));
  decision('reject', 'Refuse publication', reasonBody, ({ reason }) => ({ type: 'RejectProduct', reason }));
  decision('suspend', 'Take a product off sale until it is approved again', optionalReasonBody, (given) => ({
    type: 'SuspendProduct',
    ...given,
  }));
};

/** All commands on products but the upload. */
export const productRoutes = (app: FastifyInstance, deps: ProductDeps): void => {
  vendorProductRoutes(app, deps);
  productReviewRoutes(app, deps);
};
