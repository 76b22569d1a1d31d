import type { Clock } from '../../infra/clock/port.ts';
import type { VendorBooks } from '../books/vendor-books.ts';
import { becauseOf } from '../handling/context.ts';
import type { Reactor } from '../reacting/reactor.ts';

/** Makes sales available when their time has come (RULES.md money 9). Key: `<vendorId>:<saleId>`, found on the desk only. */
export const maturityReactor = ({ books, clock }: { readonly books: VendorBooks; readonly clock: Clock }): Reactor => ({
  process: 'maturity',
  concerns: () => [],
  drive: async (key) => {
    const [vendorId = '', saleId = ''] = key.split(':');
    const { last } = await books.open(vendorId);
    if (last === undefined) return;
    const now = new Date(clock.now()).toISOString();
    await books.handle(vendorId, { type: 'MatureSale', saleId, now }, becauseOf(last, `mature:${saleId}`));
  },
});
