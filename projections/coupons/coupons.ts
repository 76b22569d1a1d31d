import { projection } from '../definition.ts';

export type CouponDocument = {
  readonly code: string;
  readonly makerId: string;
  readonly vendorId: string | null;
  readonly percentOff: number | null;
  readonly amountOff: { readonly amount: number; readonly currency: string } | null;
  readonly maxRedemptions: number | null;
  readonly perCustomer: number | null;
  readonly productIds: readonly string[] | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly state: 'active' | 'closed';
  /** Uses of orders under way, and of paid ones. */
  readonly held: number;
  readonly confirmed: number;
  /** Orders whose use is held: a confirmation after a release counts as a use, not as one held less. */
  readonly holders: readonly string[];
  readonly createdAt: string;
  readonly revision: string;
};

const code = (event: { readonly data: { readonly code: string } }): string => event.data.code;

export const coupons = projection<CouponDocument>('coupons', {
  version: 1,
  sink: 'documents',
  indexes: [['makerId', 'createdAt']],
})
  .on('CouponCreated', code, (_, { data, metadata, revision }) => ({
    code: data.code,
    makerId: data.makerId,
    vendorId: data.vendorId ?? null,
    percentOff: data.percentOff ?? null,
    amountOff: data.amountOff ?? null,
    maxRedemptions: data.maxRedemptions ?? null,
    perCustomer: data.perCustomer ?? null,
    productIds: data.productIds ?? null,
    startsAt: data.startsAt ?? null,
    endsAt: data.endsAt ?? null,
    state: 'active',
    held: 0,
    confirmed: 0,
    holders: [],
    createdAt: metadata.occurredAt,
    revision: revision.toString(),
  }))
  .on('CouponReserved', code, (coupon, { data, revision }) => {
    if (coupon === undefined) return undefined;
    const holders = [...coupon.holders, data.orderId];
    return { ...coupon, holders, held: holders.length, revision: revision.toString() };
  })
  .on('CouponConfirmed', code, (coupon, { data, revision }) => {
    if (coupon === undefined) return undefined;
    const holders = coupon.holders.filter((orderId) => orderId !== data.orderId);
    return { ...coupon, holders, held: holders.length, confirmed: coupon.confirmed + 1, revision: revision.toString() };
  })
  .on('CouponReleased', code, (coupon, { data, revision }) => {
    if (coupon === undefined) return undefined;
    const holders = coupon.holders.filter((orderId) => orderId !== data.orderId);
    return { ...coupon, holders, held: holders.length, revision: revision.toString() };
  })
  .on(
    'CouponClosed',
    code,
    (coupon, { revision }) => coupon && { ...coupon, state: 'closed', revision: revision.toString() },
  );
