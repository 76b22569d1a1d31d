import { open } from 'node:fs/promises';
import { answerLines } from './answer-lines.ts';
import type { Body, Client } from './client.ts';
import type { Register, Session } from './command.ts';
import { checkFailed, usageError } from './exit-codes.ts';
import { startProgress } from './progress.ts';

const position = (text: string): bigint => {
  if (!/^\d{1,18}$/.test(text)) throw usageError(`${text} is not a position`);
  return BigInt(text);
};

const verify = async (session: Session, range: { readonly from?: string; readonly to?: string }): Promise<void> => {
  const client = session.client('auditor');
  const proof = await client.ok('GET', '/audit/proof');
  const answer = await client.ok('POST', '/audit/verify', range);
  const bad: Body = answer.firstBad instanceof Object ? Object.fromEntries(Object.entries(answer.firstBad)) : {};
  session.result(
    { ...answer, head: proof.head, events: proof.events, signature: proof.signature },
    answer.ok === true
      ? `intact: ${String(answer.verified)} events fit the chain\nhead ${String(proof.head)} over ${String(proof.events)} events, signed ${String(proof.signedAt)}\n`
      : `TAMPERED at position ${String(bad.position)} (${String(bad.stream ?? 'unknown stream')}): ${String(bad.reason)}\n`,
  );
  if (answer.ok !== true) throw checkFailed(`the log was changed at position ${String(bad.position)}`, 'TAMPERED');
};

const positionIn = (line: string): string => {
  const event: unknown = JSON.parse(line);
  if (event instanceof Object && 'position' in event) return String(event.position);
  throw checkFailed('a line of the export is no event');
};

type ExportOptions = {
  readonly out?: string;
  readonly after?: string;
  readonly category?: string;
  readonly type?: string;
};

/** Hands every line to `write` as it comes, and says at the end, also at a bad one, from where to continue. */
const exportTo = async (
  session: Session,
  client: Client,
  options: ExportOptions,
  write: (lines: string) => Promise<void>,
): Promise<{ readonly events: number; readonly last: string | undefined }> => {
  const query = new URLSearchParams();
  if (options.after !== undefined) query.set('minPosition', String(position(options.after) + 1n));
  if (options.category !== undefined) query.set('category', options.category);
  if (options.type !== undefined) query.set('type', options.type);
  const total = Number((await client.ok('GET', '/audit/proof')).events);
  const response = await client.open('GET', `/audit/events?${query}`, undefined, {
    headers: { accept: 'application/x-ndjson' },
  });
  const progress = startProgress(session.terminal, 'export', total);
  let events = 0;
  let last: string | undefined;
  try {
    for await (const line of answerLines(response, session.terminal.signal)) {
      await write(`${line}\n`);
      last = positionIn(line);
      events += 1;
      if (events % 100 === 0) progress.at(events);
    }
    progress.at(events);
    return { events, last };
  } finally {
    progress.end();
    if (last !== undefined) session.terminal.err(`last position ${last}: continue with --after ${last}\n`);
  }
};

/** `audit …`: the log as auditors have it. */
export const auditCommand: Register = (program, sessionOf) => {
  const group = program.command('audit').description('the log: verify its hash chain, export it (role: auditor)');

  group
    .command('verify')
    .description(
      'read the log again and compare it with the chain and all signed heads; exit code 1 where it was changed',
    )
    .option('--from <position>', 'first position')
    .option('--to <position>', 'last position')
    .action(async ({ from, to }: { readonly from?: string; readonly to?: string }, command) => {
      if (from !== undefined) position(from);
      if (to !== undefined) position(to);
      await verify(sessionOf(command), {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
    });

  group
    .command('export')
    .description('events as NDJSON in log order, personal fields sealed, to standard output or a file')
    .option('--out <file>', 'append to this file')
    .option('--after <position>', 'continue: events behind this position')
    .option('--category <name>', 'of streams of one category: order, product, …')
    .option('--type <name>', 'of one type: OrderPlaced, …')
    .action(async (options: ExportOptions, command) => {
      const session = sessionOf(command);
      const client = session.client('auditor');
      if (options.out === undefined) {
        await exportTo(session, client, options, async (line) => session.terminal.out(line));
        return;
      }
      const file = await open(options.out, 'a', 0o600);
      try {
        const { events, last } = await exportTo(session, client, options, async (line) => {
          await file.appendFile(line);
        });
        await file.sync();
        session.result({ events, last: last ?? null, file: options.out }, `${events} events are in ${options.out}\n`);
      } finally {
        await file.close();
      }
    });
};
