import type { EventStore, StoredEvent } from '../event-store/port.ts';
import { contentHash, emptyChain, nextHead } from './hash-chain.ts';
import type { AuditIndex, AuditRow } from './port.ts';
import type { FirstBad, HeadSigner, SignedHead, Verification } from './proof.port.ts';

export type VerifyDeps = {
  /** Gives the event loop back between two pages of `readAll`. */
  readonly store: EventStore;
  readonly audit: AuditIndex;
  readonly signer: HeadSigner;
};

const pageSize = 500;

async function* eventsFrom(store: EventStore, from: bigint | undefined, to: bigint): AsyncGenerator<StoredEvent> {
  const after = from === undefined || from === 0n ? {} : { after: from - 1n };
  for await (const page of store.readAll({ ...after, batchSize: pageSize }))
    for (const event of page) {
      if (event.position > to) return;
      yield event;
    }
}

async function* rowsFrom(audit: AuditIndex, after: number, to: bigint): AsyncGenerator<AuditRow> {
  for (let last = after; ; ) {
    const page = await audit.find({ after: last, limit: pageSize });
    for (const row of page) {
      if (row.position > to) return;
      yield row;
      last = row.n;
    }
    if (page.length < pageSize) return;
  }
}

const bad = ({ position, stream, revision }: StoredEvent | AuditRow, reason: string): FirstBad => ({
  position,
  stream,
  revision,
  reason,
});

/** What is wrong where the log has `event` and the chain has `row`; undefined: nothing. */
const mismatch = (
  event: StoredEvent | undefined,
  row: AuditRow | undefined,
  previous: string,
): FirstBad | undefined => {
  if (row === undefined || (event !== undefined && event.position < row.position))
    return event === undefined ? undefined : bad(event, 'inserted: the chain knows no event here');
  if (event === undefined || event.position > row.position)
    return bad(row, `removed: event ${row.id} (${row.type}) is gone`);
  if (event.stream !== row.stream || event.revision !== row.revision)
    return bad(row, `another event stands here: revision ${event.revision} of ${event.stream}`);
  if (event.id !== row.id) return bad(row, `its id was changed from ${row.id} to ${event.id}`);
  if (event.type !== row.type) return bad(row, `its type was changed from ${row.type} to ${event.type}`);
  const { stream, revision, id, type } = event;
  const [dataHash, metadataHash] = [contentHash(event.data), contentHash(event.metadata)];
  return nextHead(previous, { stream, revision, id, type, dataHash, metadataHash }) === row.chain
    ? undefined
    : bad(row, 'its data or metadata was changed');
};

const timeOf = ({ signedAt }: SignedHead): string => new Date(signedAt).toISOString();

/** What a signed head says against the row that it ends with; undefined: nothing. */
const convicted = async (
  signer: HeadSigner,
  head: SignedHead,
  row: AuditRow,
  fitting: SignedHead | undefined,
): Promise<FirstBad | undefined> => {
  if (!(await signer.fits(head))) return bad(row, `the head kept for it from ${timeOf(head)} has no signature of ours`);
  if (head.head === row.chain) return undefined;
  const since = fitting?.position === undefined ? '' : ` and after position ${fitting.position}`;
  return bad(
    row,
    `the chain is not the one signed at ${timeOf(head)}: the log was changed at or before this position${since}`,
  );
};

/**
 * Compares log, chain and signed heads from the first to the last position asked for (inclusive), as far as the index goes,
 * and stops at the first that does not fit. Only one event and one row are held at a time beside their pages.
 */
export const verifyLog = async (
  { store, audit, signer }: VerifyDeps,
  heads: readonly SignedHead[],
  range: { readonly from?: bigint; readonly to?: bigint },
): Promise<Verification> => {
  const checkpoint = await audit.checkpoint();
  const { from = 0n } = range;
  const wholeTail = checkpoint !== undefined && (range.to === undefined || range.to >= checkpoint);
  const to = wholeTail ? checkpoint : checkpoint === undefined ? undefined : range.to;
  let verified = 0;
  const answer = (firstBad?: FirstBad): Verification =>
    firstBad === undefined
      ? { ok: true, verified, from: to === undefined ? undefined : from, to }
      : { ok: false, verified, from, to, firstBad };

  // 1. Where the chain stands before the first event.
  const before = from === 0n ? 0 : await audit.countUpTo(from - 1n);
  const [lastBefore] = before === 0 ? [] : await audit.find({ after: before - 1, limit: 1 });
  let previous = lastBefore?.chain ?? emptyChain;
  let n = before;
  const waiting = heads.filter(({ events }) => events > before);
  let fitting = heads.findLast(({ events }) => events <= before);

  // 2. Log and chain side by side.
  const [events, rows] = [eventsFrom(store, from, to ?? -1n), rowsFrom(audit, before, to ?? -1n)];
  try {
    for (;;) {
      const [event, row] = [(await events.next()).value ?? undefined, (await rows.next()).value ?? undefined];
      if (event === undefined && row === undefined) break;
      const wrong = mismatch(event, row, previous);
      if (wrong !== undefined) return answer(wrong);
      if (row === undefined) break;
      for (let head = waiting[0]; head !== undefined && head.events === row.n; head = waiting[0]) {
        const against = await convicted(signer, head, row, fitting);
        if (against !== undefined) return answer(against);
        fitting = head;
        waiting.shift();
      }
      previous = row.chain;
      n = row.n;
      verified += 1;
    }
  } finally {
    await Promise.all([events.return(undefined), rows.return(undefined)]);
  }

  // 3. Heads beyond an index that has the whole log: the end was cut off, and the index built again.
  const [longest] = waiting;
  const head = await store.head();
  if (longest === undefined || !(range.to === undefined || wholeTail)) return answer();
  if (head !== undefined && (checkpoint === undefined || checkpoint < head)) return answer();
  return answer({
    position: (head ?? -1n) + 1n,
    reason: `removed: the log ends after ${n} events, the head signed at ${timeOf(longest)} covers ${longest.events}`,
  });
};
