import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChargeState, ProviderRefused, ProviderUnavailable } from '../port.ts';
import { openWorld, type ProviderWorld, temporaryFile } from './provider-world.ts';

const METHODS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_authenticationRequired',
  'pm_card_createDispute',
  'pm_unknownOutcome',
];
const paymentId = fc.constantFrom('p1', 'p2');
const call = fc.oneof(
  fc.record({ type: fc.constant('charge' as const), paymentId, method: fc.constantFrom(...METHODS) }),
  fc.record({ type: fc.constantFrom('find', 'confirm', 'abandon'), paymentId }),
  fc.record({
    type: fc.constant('refund' as const),
    paymentId,
    refundId: fc.constantFrom('r1', 'r2', 'r3'),
    amount: fc.constantFrom(1, 400, 600, 1000),
  }),
  fc.record({ type: fc.constant('deliver' as const) }),
  fc.record({ type: fc.constant('kill' as const) }),
);
type Call = typeof call extends fc.Arbitrary<infer C> ? C : never;

const make = async ({ provider }: ProviderWorld, what: Call): Promise<ChargeState | undefined> => {
  if (!('paymentId' in what)) return undefined;
  if ('method' in what) return provider.charge({ ...what, orderId: 'o', amount: { amount: 1000, currency: 'EUR' } });
  if ('refundId' in what) {
    await provider.refund({ ...what, amount: { amount: what.amount, currency: 'EUR' } });
    return undefined;
  }
  if (what.type === 'confirm') return provider.confirmCharge(what.paymentId);
  if (what.type === 'abandon') return provider.abandonCharge(what.paymentId);
  return provider.findCharge(what.paymentId);
};

/** What a caller may see as long as the provider answers honestly: an unknown outcome or a refusal. */
const tolerated = (error: unknown): undefined => {
  if (error instanceof ProviderUnavailable || error instanceof ProviderRefused) return undefined;
  throw error;
};

const FINAL: ReadonlySet<string> = new Set(['captured', 'declined', 'abandoned']);

test('whatever is called, repeated, killed and delivered twice: a payment is captured at most once, and ends once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 25 }), fc.nat(), async (calls, seed) => {
      const { file, remove } = temporaryFile();
      const worlds: ProviderWorld[] = [];
      const open = (): ProviderWorld => {
        const world = openWorld(file, { seed });
        worlds.push(world);
        return world;
      };
      const captures = new Map<string, Set<string>>();
      const refunded = new Map<string, Map<string, number>>();
      const listen = async (world: ProviderWorld): Promise<void> => {
        for (const notice of await world.notices()) {
          if (notice.type === 'charge' && notice.state.type === 'captured')
            captures.set(notice.paymentId, (captures.get(notice.paymentId) ?? new Set()).add(notice.eventId));
          if (notice.type === 'refund' && notice.state.type === 'succeeded') {
            const known = refunded.get(notice.paymentId) ?? new Map<string, number>();
            refunded.set(notice.paymentId, known.set(notice.eventId, notice.state.amount.amount));
          }
        }
      };

      let world = open();
      world.provider.setWebhookChaos({ delayMs: 0, copies: 2, shuffle: true });
      const ended = new Map<string, ChargeState>();
      for (const what of calls) {
        if (what.type === 'kill') world = open();
        if (what.type === 'deliver') await listen(world);
        const state = await make(world, what).catch(tolerated);
        if (!('paymentId' in what) || state === undefined) continue;
        const end = ended.get(what.paymentId);
        if (end !== undefined) expect(state).toEqual(end);
        if (FINAL.has(state.type)) ended.set(what.paymentId, state);
      }
      world = open();
      await listen(world);

      for (const id of ['p1', 'p2']) {
        const last = await world.provider.findCharge(id);
        expect(captures.get(id)?.size ?? 0).toBe(last?.type === 'captured' ? 1 : 0);
        const total = [...(refunded.get(id)?.values() ?? [])].reduce((sum, amount) => sum + amount, 0);
        expect(total).toBeLessThanOrEqual(last?.type === 'captured' ? last.amount.amount : 0);
      }
      for (const opened of worlds) await opened.close();
      remove();
    }),
    { numRuns: 100 },
  );
});
