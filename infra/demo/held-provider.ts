import type { Payments } from '../local/ports.ts';
import { type PaymentProvider, ProviderUnavailable } from '../payments/port.ts';

/** A provider whose answers can be held back: what happens while one waits for money happens before it comes. */
export type HeldProvider = {
  readonly payments: Payments;
  /** From now on charges and payouts wait. */
  hold(): void;
  /** What waits goes on. */
  release(): void;
  /** What waits, and all that comes, is told that the provider can't be reached. */
  hangUp(): void;
};

export const heldProvider = (payments: Payments): HeldProvider => {
  let gate: { readonly open: Promise<void>; readonly release: () => void; readonly hangUp: () => void } | undefined;
  const through = async (): Promise<void> => gate?.open;
  const { provider } = payments;
  const held: PaymentProvider = {
    ...provider,
    charge: async (request) => {
      await through();
      return provider.charge(request);
    },
    payOut: async (request) => {
      await through();
      return provider.payOut(request);
    },
  };
  return {
    payments: { ...payments, provider: held },
    hold: () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      promise.catch(() => undefined); // whoever waits is told; perhaps nobody does
      gate = { open: promise, release: resolve, hangUp: () => reject(new ProviderUnavailable('the line is dead')) };
    },
    release: () => {
      gate?.release();
      gate = undefined;
    },
    hangUp: () => gate?.hangUp(),
  };
};
