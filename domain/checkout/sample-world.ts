import { DomainError } from '../errors.ts';
import type { OrderCommand } from '../order/commands.ts';
import { orderDecider } from '../order/decider.ts';
import { type OrderEvent, orderEvents } from '../order/events.ts';
import { customerId, dueBy, orderId, paymentId, sampleId } from '../order/samples.ts';
import { isPlaced, type Order } from '../order/state.ts';
import type { ChargeFact, PaymentCommand, RefundFact } from '../payment/commands.ts';
import { paymentDecider } from '../payment/decider.ts';
import { type PaymentEvent, paymentEvents } from '../payment/events.ts';
import type { Payment } from '../payment/state.ts';
import { unreachable } from '../unreachable.ts';
import { owed } from './owed.ts';
import type { LicenseToFollow, PaymentToAsk, Step } from './steps.ts';

type LicenceState = 'active' | 'suspended' | 'revoked';

/** `choose(n)`: a whole number below n; all that is random in a run. */
export type Choose = (options: number) => number;

/**
 * A world for tests of the checkout process: streams, a moody provider, licences and ledgers in memory, and a reactor
 * that may crash between doing a thing and recording it.
 */
export const sampleWorld = (choose: Choose) => {
  let order: Order = orderDecider.initial;
  let payment: Payment = paymentDecider.initial;
  let now = '2026-01-01T00:00:00.000Z';
  const provider = {
    charge: undefined as ChargeFact | undefined,
    actions: 0,
    amount: 0,
    refunds: new Map<string, { amount: number; fact: RefundFact }>(),
    disputes: new Map<string, 'opened' | 'won' | 'lost'>(),
    notices: [] as PaymentCommand[],
  };
  const licences = new Map<string, LicenceState>();
  const posted = new Set<string>();
  const holds = { state: 'held' as 'held' | 'confirmed' | 'released' };
  const byHand = new Set<string>();
  const performed = new Set<Step['type']>();
  /** From this line on no licence can be issued. */
  const refusedFrom = choose(4) === 3 ? choose(2) : Number.POSITIVE_INFINITY;

  const ofOrder = (command: OrderCommand): void => {
    for (const event of orderDecider.decide(command, order)) {
      orderEvents[event.type].schema.parse(event.data);
      order = orderDecider.evolve(order, event satisfies OrderEvent);
    }
  };
  const ofPayment = (command: PaymentCommand): void => {
    for (const event of paymentDecider.decide(command, payment)) {
      paymentEvents[event.type].schema.parse(event.data);
      payment = paymentDecider.evolve(payment, event satisfies PaymentEvent);
    }
  };
  /** What people try may be refused. */
  const attempt = (command: OrderCommand): void => {
    try {
      ofOrder(command);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  };

  const notice = (command: PaymentCommand): void => {
    for (let copies = choose(3); copies >= 0; copies--) provider.notices.push(command);
  };
  const setCharge = (fact: ChargeFact): void => {
    provider.charge = fact;
    notice({ type: 'RecordCharge', fact });
  };
  const money = () => ({ amount: provider.amount, currency: 'EUR' });
  const capture = (): void => setCharge({ type: 'captured', providerRef: 'ch_1', amount: money() });
  const requireAction = (): void => {
    provider.actions += 1;
    const clientAction = { type: 'redirect', url: `https://bank.example/${provider.actions}`, expiresAt: dueBy };
    setCharge({ type: 'requiresAction', providerRef: 'ch_1', clientAction });
  };
  const settleCharge = (): void => {
    const mood = choose(4);
    if (mood === 1) setCharge({ type: 'declined', reason: 'insufficient_funds' });
    else if (mood === 2) requireAction();
    else capture();
  };

  const providerCharge = (asked: PaymentToAsk): ChargeFact => {
    provider.amount = asked.amount;
    if (provider.charge === undefined) {
      if (choose(3) === 1) setCharge({ type: 'processing' });
      else settleCharge();
    }
    return provider.charge ?? { type: 'processing' };
  };
  const providerAbandon = (asked: PaymentToAsk): ChargeFact => {
    provider.amount = asked.amount;
    const open = provider.charge === undefined || ['processing', 'requiresAction'].includes(provider.charge.type);
    if (open) setCharge({ type: 'abandoned' });
    return provider.charge ?? { type: 'processing' };
  };
  const setRefund = (refundId: string, amount: number, fact: RefundFact): void => {
    provider.refunds.set(refundId, { amount, fact });
    notice({ type: 'RecordRefund', refundId, fact });
  };
  const settleRefund = (refundId: string, amount: number): void =>
    setRefund(
      refundId,
      amount,
      choose(3) === 1 ? { type: 'failed', reason: 'closed_account' } : { type: 'succeeded', providerRef: refundId },
    );
  const providerRefund = (refundId: string, amount: number): RefundFact => {
    if (!provider.refunds.has(refundId)) {
      if (choose(3) === 1) setRefund(refundId, amount, { type: 'processing' });
      else settleRefund(refundId, amount);
    }
    return provider.refunds.get(refundId)?.fact ?? { type: 'processing' };
  };

  const setLicences = (which: readonly LicenseToFollow[], to: LicenceState): void => {
    for (const { lineId } of which) {
      if (licences.has(lineId) && licences.get(lineId) !== 'revoked') licences.set(lineId, to);
    }
  };
  /** True when every licence is there; issuing again finds those issued before. */
  const issue = (step: Extract<Step, { type: 'issueLicenses' }>): boolean => {
    for (const [index, line] of step.lines.entries()) {
      if (index >= refusedFrom) return false;
      if (!licences.has(line.lineId)) licences.set(line.lineId, 'active');
    }
    return true;
  };
  const compensate = (attempt: number): OrderCommand => ({
    type: 'RequestRefund',
    refundId: sampleId(1000 + attempt),
    request: {},
    reason: 'not_deliverable',
    requestedBy: 'system',
    compensation: true,
  });
  const follow = { opened: 'suspended', won: 'active', lost: 'revoked' } as const;

  /** Does a step; where `crash`, the reactor dies after the deed and before its outcome is recorded. */
  const perform = (step: Step, crash: boolean): void => {
    performed.add(step.type);
    switch (step.type) {
      case 'payFree':
      case 'reflectPayment':
      case 'reflectRefund':
      case 'reflectDispute':
        ofOrder(step.command);
        return;
      case 'requestPayment':
        ofOrder({ type: 'RequestPayment', paymentId, dueBy });
        return;
      case 'chargeProvider':
      case 'abandonPayment': {
        ofPayment({ type: 'RequestPayment', payment: step.payment });
        const fact = step.type === 'chargeProvider' ? providerCharge(step.payment) : providerAbandon(step.payment);
        if (!crash) ofPayment({ type: 'RecordCharge', fact });
        return;
      }
      case 'confirmWithProvider':
        if (provider.charge?.type === 'requiresAction' && choose(2) === 0) settleCharge();
        if (!crash) ofPayment({ type: 'RecordCharge', fact: provider.charge ?? { type: 'processing' } });
        return;
      case 'issueLicenses': {
        const whole = issue(step);
        if (crash) return;
        const licenses = step.lines.map((line, n) => ({ lineId: line.lineId, licenseId: sampleId(40 + n) }));
        ofOrder(whole ? { type: 'FulfilOrder', licenses } : compensate(1));
        return;
      }
      case 'confirmHolds':
      case 'releaseHolds':
        holds.state = step.type === 'confirmHolds' ? 'confirmed' : 'released';
        if (!crash) ofOrder({ type: 'SettleHolds', outcome: holds.state });
        return;
      case 'settleVendors':
        posted.add('sale');
        if (!crash) ofOrder({ type: 'SettleOrder' });
        return;
      case 'requestCompensation':
        ofOrder(compensate(step.attempt));
        return;
      case 'awaitOperator':
        byHand.add(step.refundId);
        ofOrder({ type: 'RecordRefunded', refundId: step.refundId });
        return;
      case 'refundProvider': {
        const { refundId, amount } = step;
        ofPayment({ type: 'RequestRefund', refundId, amount });
        const fact = providerRefund(refundId, amount);
        if (!crash) ofPayment({ type: 'RecordRefund', refundId, fact });
        return;
      }
      case 'settleRefund':
        setLicences(step.licensesToRevoke, 'revoked');
        if (step.vendors.length > 0) posted.add(step.refundId);
        if (!crash) ofOrder({ type: 'SettleRefund', refundId: step.refundId });
        return;
      case 'settleDispute':
        setLicences(step.licenses, follow[step.stage]);
        if (step.vendorIds.length > 0) posted.add(`${step.disputeId}/${step.stage}`);
        if (!crash) ofOrder({ type: 'SettleDispute', disputeId: step.disputeId, stage: step.stage });
        return;
      case 'submitEvidence': {
        const { disputeId, evidenceId } = step;
        if (!crash) ofOrder({ type: 'RecordEvidenceSent', disputeId, evidenceId });
        return;
      }
      default:
        unreachable(step);
    }
  };

  const setDispute = (disputeId: string, status: 'opened' | 'won' | 'lost'): void => {
    provider.disputes.set(disputeId, status);
    notice({ type: 'RecordDispute', disputeId, status, amount: money(), reason: 'fraudulent' });
  };

  return {
    order: () => order,
    payment: () => payment,
    owed: () => owed(order, payment, now),
    placeOrder: (data: Extract<OrderCommand, { type: 'PlaceOrder' }>['order']) =>
      ofOrder({ type: 'PlaceOrder', order: data }),
    attempt,
    perform,
    deliverNotice: () => {
      const [command] = provider.notices.splice(choose(provider.notices.length), 1);
      if (command !== undefined) ofPayment(command);
    },
    /** What was under way at the provider comes to its end. */
    advanceProvider: () => {
      if (provider.charge?.type === 'processing') settleCharge();
      // a declined charge may come through after all
      else if (provider.charge?.type === 'declined' && choose(3) === 2) capture();
      for (const [refundId, { amount, fact }] of provider.refunds) {
        if (fact.type === 'processing') settleRefund(refundId, amount);
      }
    },
    /** The buyer completes the client step at the provider, and may tell us. */
    completeAction: () => {
      if (provider.charge?.type === 'requiresAction') capture();
    },
    dispute: () => {
      const open = [...provider.disputes].find(([, status]) => status === 'opened')?.[0];
      if (open !== undefined) setDispute(open, choose(2) === 0 ? 'won' : 'lost');
      else if (provider.charge?.type === 'captured') setDispute(`dp_${provider.disputes.size + 1}`, 'opened');
    },
    closeDisputes: () => {
      for (const [disputeId, status] of provider.disputes) {
        if (status === 'opened') setDispute(disputeId, choose(2) === 0 ? 'won' : 'lost');
      }
    },
    passDeadline: () => {
      now = '2026-01-01T00:15:00.000Z';
    },
    requestRefund: (n: number) => {
      const lines = isPlaced(order) ? order.lines : [];
      const line = lines[choose(Math.max(lines.length, 1))];
      const requests = [{}, { amount: 1 + choose(700) }, { lines: line ? [{ lineId: line.lineId }] : [] }];
      const request = requests[choose(requests.length)] ?? {};
      attempt({
        type: 'RequestRefund',
        refundId: sampleId(2000 + n),
        request,
        reason: 'asked',
        requestedBy: customerId,
        compensation: false,
      });
    },
    orderId,
    provider,
    licences,
    posted,
    holds,
    byHand,
    performed,
  };
};
export type SampleWorld = ReturnType<typeof sampleWorld>;
