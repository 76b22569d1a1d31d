import type { AuditRow } from '../../infra/audit/port.ts';
import type { StoredEvent } from '../../infra/event-store/port.ts';
import type { LogReader } from '../state-from-log.ts';
import { type AuditEvent, auditEventOf } from './audit-event.ts';

type Run = { readonly stream: string; readonly from: bigint; readonly count: number };

/** Rows of one stream whose revisions follow each other are read at once. */
const runsOf = (rows: readonly AuditRow[]): readonly Run[] => {
  const byStream = new Map<string, Run[]>();
  for (const { stream, revision } of rows) {
    const runs = byStream.get(stream) ?? [];
    const last = runs.at(-1);
    if (last !== undefined && last.from + BigInt(last.count) === revision)
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ stream, from: revision, count: 1 });
    byStream.set(stream, runs);
  }
  return [...byStream.values()].flat();
};

/**
 * The events of these rows, in their order.
 * @throws Error when the log does not hold what the audit index says
 */
export const eventsOf = async (log: LogReader, rows: readonly AuditRow[]): Promise<AuditEvent[]> => {
  const stored = new Map<bigint, StoredEvent>();
  for (const { stream, from, count } of runsOf(rows))
    for await (const batch of log.store.readStream(stream, { from, limit: count }))
      for (const event of batch) stored.set(event.position, event);
  const inOrder = rows.map(({ position, stream, revision }) => {
    const event = stored.get(position);
    if (event === undefined) throw new Error(`the log has no event ${revision} of ${stream} at ${position}`);
    return event;
  });
  return (await log.codec.decode(inOrder)).map(auditEventOf);
};
