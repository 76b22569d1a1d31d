import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, timestamp, uuid } from '../event/fields.ts';

/** Streams `coupon-<CODE>`, code in upper case: the stream is the uniqueness of the code. */
export const couponEvents = {
  CouponCreated: event(
    1,
    z.object({
      code: z.string(),
      makerId: uuid,
      /** Present: only this vendor's products. Absent: an administrator's coupon, any product. */
      vendorId: uuid.optional(),
      percentOff: z.number().int().min(1).max(100).optional(),
      amountOff: z.object({ amount: minorUnits.positive(), currency: currencyCode }).optional(),
      maxRedemptions: z.number().int().positive().optional(),
      perCustomer: z.number().int().positive().optional(),
      productIds: z.array(uuid).optional(),
      startsAt: timestamp.optional(),
      endsAt: timestamp.optional(),
    }),
  ),
  /** A use is held for an order. After `until`, a hold whose order never came may be released (never before). */
  CouponReserved: event(1, z.object({ code: z.string(), orderId: uuid, customerId: uuid, until: timestamp })),
  CouponConfirmed: event(1, z.object({ code: z.string(), orderId: uuid })),
  CouponReleased: event(1, z.object({ code: z.string(), orderId: uuid, reason: z.string() })),
  CouponClosed: event(1, z.object({ code: z.string() })),
};
export type CouponEvent = EventOf<typeof couponEvents>;
