import { projection } from '../definition.ts';
import { withAccounts } from './accounts.ts';
import { withBooks } from './books.ts';
import type { DeskDocument } from './document.ts';
import { withHolds } from './holds.ts';
import { withNotifications } from './notifications.ts';
import { withProcesses } from './processes.ts';
import { withReviews } from './reviews.ts';
import { withScans } from './scans.ts';

const empty = projection<DeskDocument>('desk', { version: 5, sink: 'documents', indexes: [['dueAt'], ['since']] });

/**
 * The saga desk and the durable schedule in one: everything that is owed, and when it has to be looked at. A restarted
 * worker takes up what is due here.
 */
export const desk = withNotifications(withReviews(withAccounts(withBooks(withScans(withHolds(withProcesses(empty)))))));
