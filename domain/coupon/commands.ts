/** `code` is in upper case in every command, as in the name of the stream. */
export type CreateCoupon = {
  readonly type: 'CreateCoupon';
  readonly code: string;
  readonly makerId: string;
  /** Present: only this vendor's products. */
  readonly vendorId?: string | undefined;
  /** Exactly one of the two: whole percent, or an amount off the sum of the eligible lines. */
  readonly percentOff?: number | undefined;
  readonly amountOff?: { readonly amount: number; readonly currency: string } | undefined;
  readonly maxRedemptions?: number | undefined;
  readonly perCustomer?: number | undefined;
  readonly productIds?: readonly string[] | undefined;
  /** Usable from `startsAt` to before `endsAt`. */
  readonly startsAt?: string | undefined;
  readonly endsAt?: string | undefined;
};

export type CouponCommand =
  | CreateCoupon
  | {
      readonly type: 'ReserveCoupon';
      readonly code: string;
      readonly orderId: string;
      readonly customerId: string;
      readonly now: string;
      readonly until: string;
    }
  | { readonly type: 'ConfirmCoupon'; readonly code: string; readonly orderId: string }
  | { readonly type: 'ReleaseCoupon'; readonly code: string; readonly orderId: string; readonly reason: string }
  | { readonly type: 'CloseCoupon'; readonly code: string };
