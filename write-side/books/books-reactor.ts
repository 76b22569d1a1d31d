import type { Reactor } from '../reacting/reactor.ts';
import type { VendorBooks } from './vendor-books.ts';

/** Closes each month of a vendor's books when it is over, and opens the next. Key: the vendor's id; its time is on the desk. */
export const booksReactor = (books: VendorBooks): Reactor => ({
  process: 'books',
  concerns: (event) => (event.type === 'BooksClosed' ? [event.data.vendorId] : []),
  drive: async (vendorId) => {
    await books.open(vendorId);
  },
});
