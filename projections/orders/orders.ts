import { projection } from '../definition.ts';
import { checkout } from './checkout.ts';
import { disputes } from './disputes.ts';
import type { OrderDocument } from './document.ts';
import { refunds } from './refunds.ts';
import { requests } from './requests.ts';

const empty = projection<OrderDocument>('orders', {
  version: 4,
  sink: 'documents',
  indexes: [
    ['customerId', 'createdAt'],
    ['state', 'createdAt'],
  ],
});

/** Orders as their buyer and their vendors read them, one document, cut to the reader when queried. */
export const orders = requests(disputes(refunds(checkout(empty))));
