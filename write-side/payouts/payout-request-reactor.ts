import type { AnyEvent, Recorded } from '../../domain/event/recorded.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

/**
 * The context of the request that reserved the money: its command is finished under its own id, so that the vendor who
 * sends it again is answered from the log.
 */
const requestBehind = ({ id, metadata }: Recorded<AnyEvent>): CommandContext => {
  const { correlationId, actorId, actorRole, traceparent, bodyHash } = metadata;
  return {
    ...{ commandId: correlationId, correlationId, causationId: id, actorId, actorRole },
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(bodyHash === undefined ? {} : { bodyHash }),
  };
};

type Deps = { readonly handling: Handling; readonly store: EventStore; readonly codec: EventCodec };

/**
 * Money that was reserved for a payout whose own stream never came (a crash between the two): the reservation is the
 * cause, and the payout is requested from it. Key: `<vendorId>:<payoutId>`, found on the desk only.
 */
export const payoutRequestReactor = ({ handling, store, codec }: Deps): Reactor => ({
  process: 'payoutRequest',
  concerns: () => [],
  drive: async (key) => {
    const [vendorId = '', payoutId = ''] = key.split(':');
    const { exists } = await handling.load(vendorPayoutDecider, payoutId);
    if (exists) return;
    for await (const batch of store.readStream(`${vendorAccountDecider.category}-${vendorId}`)) {
      for (const decoded of await codec.decode(batch)) {
        if (!decoded.ok || decoded.event.type !== 'PayoutReserved' || decoded.event.data.payoutId !== payoutId)
          continue;
        const { amount, currency, payoutAccount } = decoded.event.data;
        const request = { type: 'RequestPayout', payoutId, vendorId, amount, currency, payoutAccount } as const;
        await handling.handle(vendorPayoutDecider, payoutId, request, requestBehind(decoded.event));
        return;
      }
    }
  },
});
