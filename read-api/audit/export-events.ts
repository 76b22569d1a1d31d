import { Readable } from 'node:stream';
import type { AuditIndex, AuditQuery } from '../../infra/audit/port.ts';
import type { LogReader } from '../state-from-log.ts';
import { nextTurn } from './events-at.ts';
import { eventsOf } from './read-events.ts';

/** Events read and decoded in one go: what holds the event loop, and what is held for a client that reads slowly. */
export const exportedAtOnce = 100;

/**
 * All events that the question finds, one JSON object a line. Pages are read when the reader asks for more: at most two are
 * held ahead of it, and none is read any more once it is gone. Between two pages the event loop turns, also when the reader is so
 * fast that no write ever waits.
 */
export const exportOf = (
  deps: LogReader & { readonly audit: AuditIndex },
  question: Omit<AuditQuery, 'limit'>,
): Readable => {
  const pages = async function* (): AsyncGenerator<string> {
    for (let { after } = question; ; ) {
      const last = after === undefined ? {} : { after };
      const rows = await deps.audit.find({ ...question, ...last, limit: exportedAtOnce });
      if (rows.length > 0) yield (await eventsOf(deps, rows)).map((event) => `${JSON.stringify(event)}\n`).join('');
      if (rows.length < exportedAtOnce) return;
      after = rows.at(-1)?.n;
      await nextTurn();
    }
  };
  return Readable.from(pages(), { highWaterMark: 1 });
};
