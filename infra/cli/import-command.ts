import { checkReadable, linesOfFile } from './catalogue-file.ts';
import { allItems } from './client.ts';
import type { Register, Session } from './command.ts';
import { CommandFailed, checkFailed, exitCodes } from './exit-codes.ts';
import { type Imported, importFile, type LineError } from './import-file.ts';
import { type Progress, startProgress } from './progress.ts';
import { type Seller, sellerFor } from './seller.ts';

type Options = { readonly publish?: boolean; readonly vendorName: string };

/** Scanning takes milliseconds a file; this long without one more on sale means that the rest will not come. */
const scanPatienceMs = 120_000;
const pauseMs = 500;
/** Looking reads every product that waits, and takes from the server what scanning needs: the more wait, the rarer. */
const pauseForMs = (waiting: number): number => Math.max(pauseMs, 10 * waiting);

const countLines = async (file: string): Promise<number> => {
  let lines = 0;
  for await (const _ of linesOfFile(file)) lines += 1;
  return lines;
};

const errorText = ({ line, field, message, code }: LineError): string =>
  `line ${line}: ${field}: ${message}${code === undefined ? '' : ` [${code}]`}\n`;

/** Waits until every product of the import is on sale, or nothing moves any more. Answers those that are not. */
const waitingForSale = async (
  session: Session,
  { client, vendorId, approver }: Seller,
  { products, position }: Imported,
) => {
  const { clock, signal, err } = session.terminal;
  if (approver === undefined) {
    err('nobody who may approve is signed in: the products are submitted, and wait for an administrator\n');
    return [];
  }
  let progress: Progress | undefined;
  try {
    for (let [left, since] = [products.size + 1, clock.now()]; ; ) {
      const waiting = [];
      for await (const product of allItems(client, `/vendors/${vendorId}/products?state=submitted`, position))
        if (products.has(String(product.id))) waiting.push(product);
      if (waiting.length < left) since = clock.now();
      left = waiting.length;
      if (left === 0 || clock.now() - since > scanPatienceMs) return waiting;
      progress ??= startProgress(session.terminal, 'on sale', products.size, products.size - left);
      progress.at(products.size - left);
      await clock.sleep(pauseForMs(left), signal);
      signal.throwIfAborted();
    }
  } finally {
    progress?.end();
  }
};

const onSaleOf = async (
  { client, vendorId, position: made }: Seller,
  { products, position = made }: Imported,
): Promise<number> => {
  let onSale = 0;
  for await (const { id } of allItems(client, `/vendors/${vendorId}/products?state=published`, position))
    if (products.has(String(id))) onSale += 1;
  return onSale;
};

const importCatalogue = async (
  session: Session,
  file: string,
  { publish = false, vendorName }: Options,
): Promise<void> => {
  const { terminal, json } = session;
  await checkReadable(file);
  const total = await countLines(file);
  const began = terminal.clock.now();
  const progress = startProgress(terminal, publish ? 'publish' : 'import', total);
  const done = { lines: 0 };
  const follow = {
    ...progress,
    at: (lines: number): void => {
      done.lines = lines;
      progress.at(lines);
    },
  };
  try {
    const seller = await sellerFor(session, vendorName);
    const onError = json ? () => undefined : (error: LineError) => terminal.err(errorText(error));
    const imported = await importFile(file, { terminal, seller, publish, progress: follow, onError });
    progress.end();
    const waiting = publish ? await waitingForSale(session, seller, imported) : [];
    const published = publish ? await onSaleOf(seller, imported) : undefined;
    const notPublished = waiting.map(
      ({ id, reasons }): LineError => ({
        ...{ line: imported.products.get(String(id)) ?? 0, field: '(publish)', code: 'NOT_READY' },
        message: `is not on sale: ${Array.isArray(reasons) ? reasons.join(', ') : 'waits'}`,
      }),
    );
    if (!json) for (const error of notPublished) terminal.err(errorText(error));
    const errors = [...imported.errors, ...notPublished];
    const seconds = (terminal.clock.now() - began) / 1_000;
    const { lines, drafted, found, refused } = imported;
    session.result(
      { lines, drafted, found, refused, ...(published === undefined ? {} : { published }), seconds, errors },
      `${lines} lines: ${drafted} new, ${found} there already, ${refused} refused${published === undefined ? '' : `; ${published} on sale`}; ${seconds.toFixed(1)} s\n`,
    );
    if (errors.length > 0)
      throw checkFailed(`${new Set(errors.map(({ line }) => line)).size} lines have errors`, 'LINES_REFUSED');
  } catch (error) {
    const broken = error instanceof CommandFailed && error.exitCode !== exitCodes.failed;
    if (broken || terminal.signal.aborted)
      terminal.err(`\nstopped after ${done.lines} of ${total} lines; run the same command again to continue\n`);
    throw error;
  } finally {
    progress.end();
  }
};

/** `import <file.jsonl>`: a catalogue through the public API. */
export const importCommand: Register = (program, sessionOf) => {
  program
    .command('import')
    .description(
      'draft the products of a JSON-lines file (a body of POST /products a line, plus "ref"); continues where it stopped',
    )
    .argument('<file.jsonl>', 'the catalogue')
    .option('--publish', 'put them on sale too: upload a workflow made from the line, submit, approve')
    .option('--vendor-name <name>', 'how an account that sells nothing yet is named as a vendor', 'Autopilot catalogue')
    .addHelpText(
      'after',
      `
The signed-in account sells. An administrator may import and approve alone; a vendor's approvals need
AUTOPILOT_ADMIN_EMAIL and AUTOPILOT_ADMIN_PASSWORD beside its own sign-in, or wait for an administrator.
Run again after Ctrl-C or a crash of either side: nothing is doubled. A product with --publish takes a server
some 30 ms of processor time, so that 2,000 of them take a minute or two.

Example:
  export AUTOPILOT_EMAIL=you@example.org
  read -rs AUTOPILOT_PASSWORD && export AUTOPILOT_PASSWORD
  npm run autopilot -- import products.jsonl --publish`,
    )
    .action(async (file: string, options: Options, command) => importCatalogue(sessionOf(command), file, options));
};
