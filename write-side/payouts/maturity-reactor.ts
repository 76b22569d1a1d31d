import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

/** Makes sales available when their time has come (RULES.md money 9). Key: `<vendorId>:<saleId>`, found on the desk only. */
export const maturityReactor = ({
  handling,
  clock,
}: {
  readonly handling: Handling;
  readonly clock: Clock;
}): Reactor => ({
  process: 'maturity',
  concerns: () => [],
  drive: async (key) => {
    const [vendorId = '', saleId = ''] = key.split(':');
    const { last } = await handling.load(vendorAccountDecider, vendorId);
    if (last === undefined) return;
    const now = new Date(clock.now()).toISOString();
    await handling.handle(
      vendorAccountDecider,
      vendorId,
      { type: 'MatureSale', saleId, now },
      becauseOf(last, `mature:${saleId}`),
    );
  },
});
