import type { FastifyInstance } from 'fastify';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { domainError } from '../../domain/errors.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';
import { type CommandRouteDeps, commandRoute, mainStream, noBody, noParams } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { findVendorOf, vendorOf } from '../products/own-product.ts';
import { couponBody, couponParams } from './coupon-body.ts';

export type CouponDeps = CommandRouteDeps;

const isAdmin = (identity: Identity): boolean => identity.roles.includes('admin');

/**
 * The vendor whose coupon it is; undefined: the market's. Who is both makes a vendor's coupon: it takes from nobody else.
 * @throws DomainError VENDOR_STATE for a vendor without a vendor
 */
const vendorOfCoupon = async (handling: Handling, identity: Identity): Promise<string | undefined> => {
  if (!isAdmin(identity)) return vendorOf(handling, identity);
  return identity.roles.includes('vendor') ? findVendorOf(handling, identity) : undefined;
};

/** @throws DomainError INVALID_INPUT naming each product that is none, or none of the vendor's */
const checkProducts = async (
  handling: Handling,
  productIds: readonly string[],
  vendorId: string | undefined,
): Promise<void> => {
  const products = await Promise.all(productIds.map((productId) => handling.load(productDecider, productId)));
  const message = vendorId === undefined ? 'is no product' : 'is not a product of yours';
  const errors = products.flatMap(({ state }, i) => {
    const fits = state.status !== 'none' && (vendorId === undefined || state.vendorId === vendorId);
    return fits ? [] : [{ path: `productIds.${i}`, message }];
  });
  if (errors.length > 0)
    throw domainError('INVALID_INPUT', errors.map(({ path }) => `${path} ${message}`).join('; '), { errors });
};

/** @throws DomainError NOT_FOUND: somebody else's coupon is as absent as none */
const checkMaker = async (handling: Handling, code: string, identity: Identity): Promise<void> => {
  const { state } = await handling.load(couponDecider, code);
  if (state.status === 'none' || state.terms.makerId !== identity.accountId) throw domainError('NOT_FOUND');
};

/** Coupons: made by a vendor for its own products, or by an administrator for the market. */
export const couponRoutes = (app: FastifyInstance, deps: CouponDeps): void => {
  const { handling } = deps;
  const tag = 'Coupons';
  const access = { roles: ['vendor', 'admin'] };

  commandRoute(app, deps, {
    method: 'POST',
    url: '/coupons',
    summary: 'Make a coupon',
    tag,
    access,
    status: 201,
    body: couponBody,
    params: noParams,
    refuses: ['COUPON_EXISTS', 'VENDOR_STATE'],
    main: ({ body }) => mainStream(couponDecider, body.code),
    run: async ({ body: { productIds: given, ...terms }, identity, context, ifRevision }) => {
      const maker = signedIn(identity);
      const vendorId = await vendorOfCoupon(handling, maker);
      const productIds = given === undefined ? undefined : [...new Set(given)];
      if (given !== undefined) await checkProducts(handling, given, vendorId);
      const create = { type: 'CreateCoupon', makerId: maker.accountId, vendorId, productIds, ...terms } as const;
      return handling.handle(couponDecider, terms.code, create, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'DELETE',
    url: '/coupons/:code',
    summary: 'Close a coupon; uses that are held or confirmed stay',
    tag,
    access,
    status: 200,
    body: noBody,
    params: couponParams,
    main: ({ params }) => mainStream(couponDecider, params.code),
    run: async ({ params, identity, context, ifRevision }) => {
      await checkMaker(handling, params.code, signedIn(identity));
      return handling.handle(couponDecider, params.code, { type: 'CloseCoupon', code: params.code }, context, {
        ifRevision,
      });
    },
  });
};
