import { z } from 'zod';

const amount = z.number().int().min(0).max(1_000_000_000_000);
const currency = z.string().regex(/^[A-Z]{3}$/);
export const moneyBody = z.strictObject({ amount, currency });

/** `POST /orders`. `expectedPrice` is the list price of one unit of the chosen tier (RULES.md money 6). */
export const orderBody = z.strictObject({
  items: z
    .array(
      z.strictObject({
        productId: z.uuid(),
        tierId: z.string().min(1).max(64).optional(),
        quantity: z.number().int().min(1).max(1_000),
        expectedPrice: moneyBody,
      }),
    )
    .min(1)
    .max(50),
  couponCode: z.string().min(1).max(64).optional(),
  paymentMethod: z.string().min(1).max(255).optional(),
  billing: z
    .strictObject({
      country: z.string().regex(/^[A-Z]{2}$/, 'is an ISO 3166-1 alpha-2 code'),
      vatId: z.string().min(1).max(32).optional(),
      name: z.string().min(1).max(200).optional(),
    })
    .optional(),
});
export type OrderBody = z.infer<typeof orderBody>;

/** `POST /orders/quote`: as an order, without payment. */
export const quoteBody = orderBody.omit({ paymentMethod: true });

export const refundBody = z
  .strictObject({
    lines: z
      .array(z.strictObject({ lineId: z.uuid(), amount: amount.min(1).optional() }))
      .min(1)
      .max(50)
      .optional(),
    amount: z.union([amount.min(1), moneyBody]).optional(),
    reason: z.string().min(1).max(500),
  })
  .refine((body) => body.lines === undefined || body.amount === undefined, {
    path: ['amount'],
    error: 'lines or amount, not both',
  });
export type RefundBody = z.infer<typeof refundBody>;

/** Why a buyer wants the money back, and why it is not given. */
export const requestReason = z.strictObject({ reason: z.string().trim().min(1).max(2_000) });

/** `POST /orders/{id}/refund-requests`: of these lines, or of all that are left. */
export const refundRequestBody = requestReason.extend({
  lines: z
    .array(z.strictObject({ lineId: z.uuid() }))
    .min(1)
    .max(50)
    .optional(),
});

/** `POST /orders/{id}/dispute/evidence`. */
export const evidenceBody = z.strictObject({ text: z.string().trim().min(1).max(20_000) });
