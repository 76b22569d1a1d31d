/** A change of one line that a tired engineer could make. `find` stands exactly once in `file`. */
export type Mutation = {
  readonly name: string;
  /** What goes wrong in the world because of it. */
  readonly harm: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
};

const handling = 'write-side/handling/handling.ts';
const home = 'write-side/checkout/steps-at-home.ts';
const provider = 'write-side/checkout/steps-at-provider.ts';
const payout = 'domain/vendor-account/payout.ts';
const coupon = 'domain/coupon/decide.ts';

export const mutations: readonly Mutation[] = [
  // commands
  {
    name: 'forget-command-ids',
    harm: 'a request that is sent again is decided again',
    file: handling,
    find: 'const prior = entry.commands.get(context.commandId);',
    put: "const prior = entry.commands.get('');",
  },
  {
    name: 'one-id-for-all-events',
    harm: 'the events of one command share their id',
    file: handling,
    find: 'id: idFrom(stream, context.commandId, index), event',
    put: 'id: idFrom(stream, context.commandId), event',
  },
  {
    name: 'keep-the-failed-state',
    harm: 'memory keeps what the log never got',
    file: handling,
    find: '      cache.forget(stream, entry);\n',
    put: '',
  },
  {
    name: 'append-the-wrong-revision',
    harm: 'a lost answer of a first append is taken for somebody else’s stream',
    file: handling,
    find: "expected === NO_REVISION ? 'no_stream' : expected, events)",
    put: "expected === NO_REVISION ? 'no_stream' : expected + 1n, events)",
  },
  {
    name: 'answer-before-the-disk',
    harm: 'a command is acknowledged that a crash takes away',
    file: handling,
    find: '      const answer = await recordedCommand;',
    put: '      const answer = { revision: entry.revision, position: entry.position, bodyHash: context.bodyHash };',
  },
  // the payment
  {
    name: 'new-charge-on-retry',
    harm: 'a buyer is charged twice after a call without an answer',
    file: provider,
    find: 'const request = { paymentId, orderId, amount: { amount, currency }, method };',
    put: 'const request = { paymentId: paymentId.slice(0, -4) + String(clock.now()).slice(-4), orderId, amount: { amount, currency }, method };',
  },
  {
    name: 'unknown-is-declined',
    harm: 'an unknown outcome counts as a failure: the order is cancelled, the money is taken',
    file: provider,
    find: '      if (found === undefined) throw error;\n      return found;',
    put: "      return { type: 'declined', providerRef: '', reason: 'no answer' } as never;",
  },
  {
    name: 'forget-the-late-charge',
    harm: 'money that comes after the cancellation is kept',
    file: 'domain/checkout/owed-refunds.ts',
    find: "deliveryOf(order) !== 'never' || order.status",
    put: "order.status === 'cancelled' || deliveryOf(order) !== 'never' || order.status",
  },
  {
    name: 'leave-the-payment-open',
    harm: 'a cancelled order no longer asks what became of its payment',
    file: 'domain/checkout/owed-payment.ts',
    find: "return order.payment !== undefined && isOpenPayment(payment)\n        ? [{ type: 'abandonPayment', payment: toAsk(order, order.payment) }]\n        : [];",
    put: 'return [];',
  },
  {
    name: 'new-refund-on-retry',
    harm: 'a refund whose answer was lost is paid twice',
    file: provider,
    find: '() => provider.refund({ refundId, paymentId, amount: { amount, currency } }),',
    put: '() => provider.refund({ refundId: refundId.slice(0, -4) + String(clock.now()).slice(-4), paymentId, amount: { amount, currency } }),',
  },
  {
    name: 'late-webhook-is-new',
    harm: 'the end of a dispute that is told again opens it again',
    file: 'domain/payment/decide.ts',
    find: "  if (status === 'opened') return opened;",
    put: "  if (status === 'opened')\n    return [{ type: 'PaymentDisputeOpened', data: { paymentId, disputeId, amount, currency, reason } }];",
  },
  // delivery
  {
    name: 'deliver-unpaid',
    harm: 'a licence is issued before the money is in',
    file: 'domain/checkout/owed-delivery.ts',
    find: "return order.status !== 'paid' || nothingLeft(order)",
    put: 'return nothingLeft(order)',
  },
  {
    name: 'new-licence-on-retry',
    harm: 'a crash between licence and order leaves two licences',
    file: home,
    find: '    const licenseId = licenseIdOf(orderId, line.lineId);\n    const expires',
    put: '    const licenseId = licenseIdOf(orderId, line.lineId + cause.id);\n    const expires',
  },
  {
    name: 'refunded-keeps-the-licence',
    harm: 'who got the money back keeps the goods',
    file: home,
    find: '...licensesToRevoke.map((toFollow) => followIfIssued(licenseOf(orderId, toFollow), revoke, cause)),',
    put: '',
  },
  {
    name: 'won-dispute-stays-suspended',
    harm: 'a licence stays suspended after the dispute was won',
    file: home,
    find: "won: 'RestoreLicense'",
    put: "won: 'SuspendLicense'",
  },
  {
    name: 'machine-too-many',
    harm: 'a licence is activated on one machine more than it allows',
    file: 'domain/license/license.ts',
    find: 'license.activations.length >= license.activationLimit',
    put: 'license.activations.length > license.activationLimit',
  },
  // what is scarce
  {
    name: 'held-uses-are-free',
    harm: 'a coupon with few uses is used more often',
    file: coupon,
    find: 'state.held + state.confirmed >= terms.maxRedemptions',
    put: 'state.confirmed >= terms.maxRedemptions',
  },
  {
    name: 'release-the-coupon-twice',
    harm: 'a use that was confirmed is given back',
    file: home,
    find: "const confirmed = step.type === 'confirmHolds';",
    put: 'const confirmed = false;',
  },
  {
    name: 'keep-the-holds',
    harm: 'an order that was cancelled keeps its coupon and stock for ever',
    file: 'domain/checkout/owed-delivery.ts',
    find: "const type = delivery === 'done' ? 'confirmHolds' : 'releaseHolds';",
    put: "const type = 'confirmHolds';",
  },
  {
    name: 'one-seat-too-many',
    harm: 'the last seat is sold twice',
    file: 'domain/stock/decide.ts',
    find: 'if (quantity > remaining)',
    put: 'if (quantity > remaining + 1)',
  },
  {
    name: 'release-a-hold-that-is-used',
    harm: 'the hold of an order that came is given back when its time is over',
    file: 'write-side/orders/hold-reactors.ts',
    find: '  if (isPlaced(order.state)) return false;\n',
    put: '  if (isPlaced(order.state)) return true;\n',
  },
  // the vendors' money
  {
    name: 'pay-out-what-is-not-there',
    harm: 'a vendor is paid more than is available',
    file: payout,
    find: "if (state.status === 'none' || amount > available)",
    put: "if (state.status === 'none' || amount > available + 100_000)",
  },
  {
    name: 'lose-a-returned-payout',
    harm: 'money that came back from a bank is nobody’s',
    file: payout,
    find: "  if (stage === 'released') return [];\n  const entries = transfer(stage",
    put: "  if (stage !== 'reserved') return [];\n  const entries = transfer(stage",
  },
  {
    name: 'new-payout-on-retry',
    harm: 'a payout whose answer was lost is paid twice',
    file: 'write-side/payouts/payout-reactor.ts',
    find: 'provider.payOut({ payoutId, account',
    put: 'provider.payOut({ payoutId: payoutId.slice(0, -4) + String(clock.now()).slice(-4), account',
  },
  {
    name: 'one-sided-sale',
    harm: 'a sale’s entries do not sum to zero',
    file: 'domain/vendor-account/sale.ts',
    find: 'entriesFor({ clearing: -net, commission, pending: net - commission })',
    put: 'entriesFor({ clearing: -net, pending: net - commission })',
  },
  {
    name: 'refund-by-the-present-share',
    harm: 'a refund takes a commission that was never given',
    file: 'domain/order/refund.ts',
    find: 'const commission = net === left.net ? left.commission : roundHalfUpRatio(left.commission, net, left.net);',
    put: 'const commission = roundHalfUpRatio(net, 1, 5);',
  },
  // read models
  {
    name: 'checkpoint-ahead',
    harm: 'the checkpoint stands behind an event that no document has',
    file: 'projections/engine/feed.ts',
    find: 'await sink.write(ref, { puts, removes, touched, deadLetters, after, checkpoint: upTo });',
    put: 'await sink.write(ref, { puts, removes, touched, deadLetters, after, checkpoint: upTo + 1n });',
  },
  {
    name: 'checkpoint-before-the-write',
    harm: 'a write that fails is never done again',
    file: 'projections/engine/feed.ts',
    find: '    await sink.write(ref, { puts, removes, touched, deadLetters, after, checkpoint: upTo });',
    put: '    await sink.write(ref, { puts: [], removes: [], touched: [], deadLetters, after, checkpoint: upTo });\n    await sink.write(ref, { puts, removes, touched, deadLetters: [], after: upTo, checkpoint: upTo });',
  },
  {
    name: 'switch-too-early',
    harm: 'a rebuilt model misses what happened while it caught up',
    file: 'projections/engine/lane.ts',
    find: '      await read(live.position());\n      if (building) await promote(lane);',
    put: '      if (building) await promote(lane);',
  },
  {
    name: 'skip-the-watermark',
    harm: 'an event that a document has already is applied again',
    file: 'projections/engine/fold-batch.ts',
    find: 'const seen = state.position !== undefined && event.position <= state.position;',
    put: 'const seen = false;',
  },
  {
    name: 'go-past-the-poison',
    harm: 'what comes after an event that cannot be applied is applied to its document',
    file: 'projections/engine/fold-batch.ts',
    find: '      else parked.documents.add(documentId);\n',
    put: '',
  },
  {
    name: 'a-stale-answer',
    harm: 'a query does not wait for the position it was asked for',
    file: 'projections/engine/read-model-clock.ts',
    find: 'const until = clock.now() + timeoutMs;',
    put: 'if (timeoutMs > 0) return true;\n      const until = clock.now() + timeoutMs;',
  },
  // processes and persons
  {
    name: 'no-desk',
    harm: 'what was under way at a crash is never taken up',
    file: 'write-side/reacting/worker.ts',
    find: 'if ((retries.get(nameOf(task))?.notBefore ?? 0) <= now) drive(task);',
    put: 'if (retries.has(nameOf(task))) drive(task);',
  },
  {
    name: 'erase-the-mail-but-not-the-key',
    harm: 'the key of an erased person stays, and the log can be read',
    file: 'write-side/erasure/erasure-reactor.ts',
    find: '  await deps.keys.erase(personId);\n',
    put: '',
  },
  {
    name: 'erase-the-key-but-not-the-model',
    harm: 'an erased person stays in a read model',
    file: 'write-side/erasure/erasure-reactor.ts',
    find: '      await erasure.remove(people, accountId);\n      await erasure.scrub();',
    put: '      await erasure.scrub();',
  },
  {
    name: 'a-note-for-every-try',
    harm: 'a person is told the same twice',
    file: 'write-side/notifications/notify-reactor.ts',
    find: "const notificationId = idFrom(event.id, 'notification');",
    put: 'const notificationId = idFrom(event.id, crypto.randomUUID());',
  },
];
