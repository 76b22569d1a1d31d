import { z } from 'zod';
import { couponCode } from '../../domain/coupon/create-coupon.ts';
import { currency } from '../../domain/money/money.ts';

const shape = /^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$/;
/** A code as typed; it is told apart and shown in upper case. */
const code = z
  .string()
  .trim()
  .regex(shape, 'must be 3 to 40 letters, digits, "-" and "_", the first no mark')
  .transform(couponCode);

/** A time with any offset, as UTC with milliseconds. */
const time = z.iso.datetime({ offset: true }).transform((given, context) => {
  const at = new Date(given);
  if (/^\d{4}-/.test(Number.isNaN(at.getTime()) ? '' : at.toISOString())) return at.toISOString();
  context.addIssue({ code: 'custom', message: 'is no time' });
  return z.NEVER;
});

const count = z.number().int().min(1).max(1_000_000_000);

/** `POST /coupons`. Exactly one of `percentOff` and `amountOff`. */
export const couponBody = z
  .strictObject({
    code,
    percentOff: z.number().int().min(1).max(100).exactOptional(),
    amountOff: z.strictObject({ amount: z.number().int().min(1).max(1_000_000_000_000), currency }).exactOptional(),
    maxRedemptions: count.exactOptional(),
    perCustomer: count.exactOptional(),
    productIds: z.array(z.uuid()).min(1).max(100).exactOptional(),
    startsAt: time.exactOptional(),
    endsAt: time.exactOptional(),
  })
  .refine(({ percentOff, amountOff }) => (percentOff === undefined) !== (amountOff === undefined), {
    path: ['percentOff'],
    error: 'or amountOff is needed, and not both',
  });
export type CouponBody = z.infer<typeof couponBody>;

export const couponParams = z.object({ code });
