import { monthAfter, startOfMonth } from '../../domain/vendor-account/books.ts';
import type { Projection } from '../definition.ts';
import { type DeskDocument, idOf, soon, waiting } from './document.ts';

/** Books close with their month, and the next ones open. */
export const withBooks = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'BooksOpened',
      ({ data }) => idOf('books', data.vendorId),
      (_, event) => {
        const { vendorId, period } = event.data;
        const dueAt = startOfMonth(monthAfter(period));
        return { process: 'books', key: vendorId, dueAt, owes: [], since: null }; // nothing is owed before
      },
    )
    .on(
      'BooksClosed',
      ({ data }) => idOf('books', data.vendorId),
      (_, event) => waiting('books', event.data.vendorId, 'open', soon(event), event),
    );
