import type { Decider } from '../decider.ts';
import type { PaymentCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { PaymentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { Payment } from './state.ts';

/** The rules of streams `payment-<paymentId>`: what was asked of the provider and what it said. */
export const paymentDecider: Decider<PaymentCommand, Payment, PaymentEvent> = {
  category: 'payment',
  initial: { status: 'none' },
  decide,
  evolve,
};
