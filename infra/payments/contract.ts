import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ChargeState,
  InvalidWebhook,
  type PaymentProvider,
  type ProviderNotice,
  ProviderRefused,
  ProviderUnavailable,
} from './port.ts';

export type SignedWebhook = {
  readonly rawBody: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
};

/** A provider that nobody else uses. */
export type ProviderHarness = {
  readonly provider: PaymentProvider;
  /** Name of the header that signs a webhook, lower case. */
  readonly signatureHeader: string;
  /** The webhooks sent since it was asked last, once the provider has no more to send for now. */
  webhooks(): Promise<readonly SignedWebhook[]>;
  /** Moves the time by which the adapter judges a webhook's age. */
  passTime(ms: number): Promise<void>;
  close(): Promise<void>;
};

const TEN = { amount: 1000, currency: 'EUR' };
const euros = (amount: number) => ({ amount, currency: 'EUR' });

/** What every payment adapter has to do with the provider's test methods and accounts (HTTP.md). */
export const paymentProviderContract = (name: string, open: () => Promise<ProviderHarness>): void => {
  describe(`payment provider contract: ${name}`, () => {
    let harness: ProviderHarness;
    let provider: PaymentProvider;
    beforeEach(async () => {
      harness = await open();
      provider = harness.provider;
    });
    afterEach(() => harness.close());

    const charge = (paymentId: string, method: string, amount = TEN): Promise<ChargeState> =>
      provider.charge({ paymentId, orderId: `order-of-${paymentId}`, amount, method });
    const notices = async (): Promise<readonly ProviderNotice[]> =>
      (await harness.webhooks()).flatMap(({ rawBody, headers }) => provider.readWebhook(rawBody, headers));
    const firstWebhook = async (): Promise<SignedWebhook> => {
      const [webhook] = await harness.webhooks();
      if (webhook === undefined) throw new Error('the provider sent no webhook');
      return webhook;
    };
    const openedDispute = async (paymentId: string): Promise<string> => {
      await charge(paymentId, 'pm_card_createDispute');
      const opened = (await notices()).find((notice) => notice.type === 'dispute');
      if (opened === undefined) throw new Error('the provider opened no dispute');
      return opened.disputeId;
    };

    describe('a charge', () => {
      test('is captured once, whatever often it is asked for', async () => {
        const first = await charge('p1', 'pm_card_visa');
        expect(first).toMatchObject({ type: 'captured', amount: TEN });
        expect(await charge('p1', 'pm_card_visa')).toEqual(first);
        expect(await provider.findCharge('p1')).toEqual(first);
        const sent = await notices();
        expect(new Set(sent.map(({ eventId }) => eventId)).size).toBe(1);
        expect(sent[0]).toMatchObject({ type: 'charge', paymentId: 'p1', state: first });
      });

      test.each([
        ['pm_card_chargeDeclined', 'card_declined'],
        ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
        ['pm_card_nobodyKnows', 'invalid_payment_method'],
      ])('with %s is declined: %s', async (method, reason) => {
        const declined = await charge('p1', method);
        expect(declined).toMatchObject({ type: 'declined', reason });
        expect(await charge('p1', method)).toEqual(declined);
        expect(await provider.confirmCharge('p1')).toEqual(declined);
        expect(await provider.abandonCharge('p1')).toEqual(declined);
      });

      test('that needs authentication is captured when the buyer confirms', async () => {
        const waiting = await charge('p1', 'pm_card_authenticationRequired');
        expect(waiting).toMatchObject({
          type: 'requiresAction',
          clientAction: { type: 'threeDSecure', url: expect.stringMatching(/^https:/), expiresAt: expect.any(String) },
        });
        expect(await charge('p1', 'pm_card_authenticationRequired')).toEqual(waiting);
        const captured = await provider.confirmCharge('p1');
        expect(captured).toMatchObject({ type: 'captured', providerRef: waiting.providerRef, amount: TEN });
        expect(await provider.confirmCharge('p1')).toEqual(captured);
        const told = (await notices()).map((notice) => notice.type === 'charge' && notice.state);
        expect(told).toEqual([waiting, captured]);
      });

      test('of unknown outcome is found, and is not charged again', async () => {
        await expect(charge('p1', 'pm_unknownOutcome')).rejects.toThrow(ProviderUnavailable);
        const found = await provider.findCharge('p1');
        expect(found).toMatchObject({ type: 'captured', amount: TEN });
        expect(await charge('p1', 'pm_unknownOutcome')).toEqual(found);
        expect(await notices()).toHaveLength(1);
      });

      test('that nobody made is not found and can not be confirmed', async () => {
        expect(await provider.findCharge('p1')).toBeUndefined();
        await expect(provider.confirmCharge('p1')).rejects.toThrow(ProviderRefused);
      });
    });

    describe('abandoning', () => {
      test('a waiting charge means it is never captured', async () => {
        await charge('p1', 'pm_card_authenticationRequired');
        const abandoned = await provider.abandonCharge('p1');
        expect(abandoned).toMatchObject({ type: 'abandoned' });
        expect(await provider.abandonCharge('p1')).toEqual(abandoned);
        expect(await provider.confirmCharge('p1')).toEqual(abandoned);
        expect((await notices()).at(-1)).toMatchObject({ type: 'charge', paymentId: 'p1', state: abandoned });
      });

      test('a charge that has not arrived yet stops it when it does', async () => {
        const abandoned = await provider.abandonCharge('p1');
        expect(abandoned).toMatchObject({ type: 'abandoned' });
        expect(await charge('p1', 'pm_card_visa')).toEqual(abandoned);
        expect(await provider.findCharge('p1')).toEqual(abandoned);
      });

      test('a captured charge is too late', async () => {
        const captured = await charge('p1', 'pm_card_visa');
        expect(await provider.abandonCharge('p1')).toEqual(captured);
      });
    });

    describe('a refund', () => {
      const refund = (refundId: string, amount: number, paymentId = 'p1') =>
        provider.refund({ refundId, paymentId, amount: euros(amount) });

      test('asked for twice is one refund', async () => {
        await charge('p1', 'pm_card_visa');
        const first = await refund('r1', 600);
        expect(first).toMatchObject({ type: 'succeeded', amount: euros(600) });
        expect(await refund('r1', 600)).toEqual(first);
        expect(await provider.findRefund('r1')).toEqual(first);
        expect(await refund('r2', 400)).toMatchObject({ type: 'succeeded' });
        const told = (await notices()).flatMap((notice) => (notice.type === 'refund' ? [notice.refundId] : []));
        expect(told).toEqual(['r1', 'r2']);
      });

      test('beyond what was captured fails, and takes nothing from what is left', async () => {
        await charge('p1', 'pm_card_visa');
        await refund('r1', 600);
        expect(await refund('r2', 401)).toMatchObject({ type: 'failed', reason: 'amount_too_large' });
        expect(await refund('r3', 400)).toMatchObject({ type: 'succeeded' });
        expect(await refund('r4', 1)).toMatchObject({ type: 'failed', reason: 'amount_too_large' });
      });

      test('to a card that takes none fails, and says so', async () => {
        await charge('p1', 'pm_card_refundFail');
        const failed = await refund('r1', 1000);
        expect(failed).toMatchObject({ type: 'failed', reason: expect.any(String) });
        expect(await provider.findRefund('r1')).toEqual(failed);
        expect((await notices()).at(-1)).toMatchObject({
          type: 'refund',
          paymentId: 'p1',
          refundId: 'r1',
          state: failed,
        });
      });

      test('of a charge that was not captured fails', async () => {
        await charge('p1', 'pm_card_chargeDeclined');
        expect(await refund('r1', 1)).toMatchObject({ type: 'failed' });
        expect(await provider.findRefund('r9')).toBeUndefined();
      });
    });

    describe('a payout', () => {
      const payOut = (account: string) => provider.payOut({ payoutId: 'o1', account, amount: TEN });
      const told = async () =>
        (await notices()).map((notice) =>
          notice.type === 'payout' ? { ...notice.state, id: notice.payoutId } : notice,
        );

      test.each([
        ['ba_ok', ['inTransit', 'paid']],
        ['ba_of_some_vendor', ['inTransit', 'paid']],
        ['ba_failed', ['inTransit', 'failed']],
        ['ba_returned', ['inTransit', 'paid', 'returned']],
      ])('to %s goes through %j', async (account, states) => {
        expect(await payOut(account)).toMatchObject({ type: 'inTransit' });
        expect(await told()).toMatchObject(states.map((type) => ({ type, id: 'o1' })));
        const last = await provider.findPayout('o1');
        expect(last).toMatchObject({ type: states.at(-1) });
        expect(await payOut(account)).toEqual(last);
        expect(await told()).toEqual([]);
      });

      test('says why the money did not arrive', async () => {
        await payOut('ba_failed');
        await provider.payOut({ payoutId: 'o2', account: 'ba_returned', amount: TEN });
        await harness.webhooks();
        expect(await provider.findPayout('o1')).toMatchObject({ type: 'failed', reason: 'account_closed' });
        expect(await provider.findPayout('o2')).toMatchObject({ type: 'returned', reason: 'returned_by_bank' });
      });

      test('to what is no account fails at once', async () => {
        expect(await payOut('iban-of-a-vendor')).toMatchObject({ type: 'failed', reason: 'invalid_account' });
        expect(await provider.findPayout('o2')).toBeUndefined();
      });
    });

    describe('a dispute', () => {
      test('follows the capture, over the whole amount', async () => {
        expect(await charge('p1', 'pm_card_createDispute')).toMatchObject({ type: 'captured' });
        expect(await notices()).toMatchObject([
          { type: 'charge', state: { type: 'captured' } },
          { type: 'dispute', paymentId: 'p1', status: 'opened', amount: TEN },
        ]);
      });

      test.each([
        ['the winning_evidence', 'won'],
        ['the losing_evidence', 'lost'],
      ])('with %s is %s', async (text, status) => {
        const disputeId = await openedDispute('p1');
        await provider.submitEvidence({ disputeId, text });
        expect(await notices()).toMatchObject([{ type: 'dispute', paymentId: 'p1', disputeId, status, amount: TEN }]);
      });

      test('stays open on other evidence, and closed once it is decided', async () => {
        const disputeId = await openedDispute('p1');
        await provider.submitEvidence({ disputeId, text: 'a receipt' });
        expect((await notices()).filter(({ type }) => type === 'dispute')).toEqual([]);
        await provider.submitEvidence({ disputeId, text: 'winning_evidence' });
        await harness.webhooks();
        await provider.submitEvidence({ disputeId, text: 'losing_evidence' });
        expect((await notices()).filter(({ type }) => type === 'dispute')).toEqual([]);
      });

      test('that nobody opened takes no evidence', async () => {
        await expect(provider.submitEvidence({ disputeId: 'none', text: 'x' })).rejects.toThrow(ProviderRefused);
      });
    });

    describe('a webhook', () => {
      const genuine = async (): Promise<SignedWebhook> => {
        await charge('p1', 'pm_card_visa');
        return firstWebhook();
      };
      const reading =
        ({ rawBody, headers }: SignedWebhook) =>
        () =>
          provider.readWebhook(rawBody, headers);

      test('reads the same each time', async () => {
        const webhook = await genuine();
        expect(reading(webhook)()).toEqual(reading(webhook)());
      });

      test('whose body was changed is refused', async () => {
        const { rawBody, headers } = await genuine();
        const text = new TextDecoder().decode(rawBody);
        expect(text).toContain('1000');
        const changed = new TextEncoder().encode(text.replace('1000', '9000'));
        expect(reading({ rawBody: changed, headers })).toThrow(InvalidWebhook);
      });

      test('without a signature, or with another one, is refused', async () => {
        const { rawBody, headers } = await genuine();
        expect(reading({ rawBody, headers: {} })).toThrow(InvalidWebhook);
        for (const forged of ['', 'garbage', `${headers[harness.signatureHeader]}0`.replace(/v1=./, 'v1=')])
          expect(reading({ rawBody, headers: { ...headers, [harness.signatureHeader]: forged } })).toThrow(
            InvalidWebhook,
          );
      });

      test('is read for five minutes and not longer', async () => {
        const webhook = await genuine();
        await harness.passTime(299_000);
        expect(reading(webhook)).not.toThrow();
        await harness.passTime(2_000);
        expect(reading(webhook)).toThrow(InvalidWebhook);
      });
    });
  });
};
