import type { AuditRow } from '../../infra/audit/port.ts';
import type { StoredEvent } from '../../infra/event-store/port.ts';
import type { LogReader } from '../state-from-log.ts';
import { type AuditEvent, auditEventOf } from './audit-event.ts';
import { eventsAt } from './events-at.ts';

/**
 * The events of these rows, which are in log order.
 * @throws Error when the log does not hold what the audit index says
 */
export const eventsOf = async (log: LogReader, rows: readonly AuditRow[]): Promise<AuditEvent[]> => {
  const stored: StoredEvent[] = [];
  const positions = rows.map(({ position }) => position);
  for await (const page of eventsAt(log.store, positions)) stored.push(...page);
  return (await log.codec.decode(stored)).map(auditEventOf);
};
