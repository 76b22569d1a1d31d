import { InvalidWebhook, type PaymentProvider, ProviderRefused } from '../payments/port.ts';

/** A provider without delay: captures every charge in memory, and knows nothing else. */
export const instantProvider = (): PaymentProvider => {
  const charges = new Map<string, Awaited<ReturnType<PaymentProvider['charge']>>>();
  const refuse = async (): Promise<never> => {
    throw new ProviderRefused('this provider only captures');
  };
  return {
    charge: async ({ paymentId, amount }) => {
      const captured = { type: 'captured', providerRef: `ch_${paymentId}`, amount } as const;
      charges.set(paymentId, captured);
      return captured;
    },
    findCharge: async (paymentId) => charges.get(paymentId),
    confirmCharge: refuse,
    abandonCharge: refuse,
    refund: refuse,
    findRefund: async () => undefined,
    payOut: refuse,
    findPayout: async () => undefined,
    submitEvidence: refuse,
    readWebhook: () => {
      throw new InvalidWebhook('this provider sends none');
    },
  };
};
