import type { Clock } from '../../infra/clock/port.ts';
import { ProviderUnavailable } from '../../infra/payments/port.ts';

/** A provider's call may take so long; then its outcome is unknown (DESIGN.md 5). */
export const PROVIDER_DEADLINE_MS = 5_000;

/** The call's answer, or ProviderUnavailable after the deadline; the call itself is not undone. */
export const withinDeadline = <T>(clock: Clock, call: Promise<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const cancel = clock.schedule(PROVIDER_DEADLINE_MS, () =>
      reject(new ProviderUnavailable(`no answer within ${PROVIDER_DEADLINE_MS} ms`)),
    );
    call.then(resolve, reject).finally(cancel);
  });
