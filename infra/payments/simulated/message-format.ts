import { z } from 'zod';

// The provider's own wire format of a webhook: JSON, `data.object` is the object as it was when the message was made.
// Money is `amount` in minor units beside `currency`.
const money = { amount: z.int(), currency: z.string() };
const charge = { object: z.literal('charge'), id: z.string(), payment_id: z.string() };
const refund = { object: z.literal('refund'), id: z.string(), payment_id: z.string(), refund_id: z.string() };
const payout = { object: z.literal('payout'), id: z.string(), payout_id: z.string() };
const failure = { failure_code: z.string() };
const status = <S extends string>(value: S) => ({ status: z.literal(value) });

export const chargeObject = z.discriminatedUnion('status', [
  z.object({ ...charge, ...status('pending') }),
  z.object({
    ...charge,
    ...status('requires_action'),
    next_action: z.object({ type: z.string(), url: z.string().exactOptional(), expires_at: z.iso.datetime() }),
  }),
  z.object({ ...charge, ...status('succeeded'), ...money }),
  z.object({ ...charge, ...status('failed'), ...failure }),
  z.object({ ...charge, ...status('canceled') }),
]);
export const refundObject = z.discriminatedUnion('status', [
  z.object({ ...refund, ...status('pending') }),
  z.object({ ...refund, ...status('succeeded'), ...money }),
  z.object({ ...refund, ...status('failed'), ...failure }),
]);
export const payoutObject = z.discriminatedUnion('status', [
  z.object({ ...payout, ...status('in_transit') }),
  z.object({ ...payout, ...status('paid') }),
  z.object({ ...payout, ...status('failed'), ...failure }),
  z.object({ ...payout, ...status('returned'), ...failure }),
]);
const disputeObject = z.object({
  object: z.literal('dispute'),
  id: z.string(),
  payment_id: z.string(),
  status: z.enum(['opened', 'won', 'lost']),
  reason: z.string(),
  ...money,
});
/** The objects that this provider sends messages about, with what each state has to say. */
export const knownObject = z.discriminatedUnion('object', [chargeObject, refundObject, payoutObject, disputeObject]);
const knownNames: ReadonlySet<string> = new Set(['charge', 'refund', 'payout', 'dispute']);
/** Whether `name` is an object of ours; others are well-formed messages that are nothing to us. */
export const isKnownObject = (name: string): boolean => knownNames.has(name);
/** What every message has, whatever it is about. */
export const envelope = z.object({
  id: z.string().min(1),
  type: z.string(),
  created: z.int(),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});

export type MessageObject = z.infer<typeof knownObject>;
