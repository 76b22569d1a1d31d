import { z } from 'zod';
import { answerLines } from './answer-lines.ts';
import { type FileLine, linesOfFile } from './catalogue-file.ts';
import { allItems } from './client.ts';
import { CommandFailed, checkFailed, exitCodes } from './exit-codes.ts';
import type { Progress } from './progress.ts';
import { publishLine } from './publish-line.ts';
import type { Seller } from './seller.ts';
import { someAtOnce } from './some-at-once.ts';
import type { Terminal } from './terminal.ts';

/** A request of the import: few enough lines that a broken one costs little to say again. */
const linesAtOnce = 100;
const resultLine = z.object({
  line: z.number().int(),
  status: z.number().int(),
  id: z.string().optional(),
  replayed: z.boolean().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
type ResultLine = z.infer<typeof resultLine>;

/** `field`: of the line's JSON, or the step that was refused. */
export type LineError = {
  readonly line: number;
  readonly field: string;
  readonly message: string;
  readonly code?: string | undefined;
};
export type Imported = {
  readonly lines: number;
  /** Drafted by this run. */
  readonly drafted: number;
  /** Found there already. */
  readonly found: number;
  readonly refused: number;
  /** Products of these lines that are accepted, by id, with their line's number. */
  readonly products: ReadonlyMap<string, number>;
  readonly errors: readonly LineError[];
  /** A query at this position knows all of it; undefined: nothing was published. */
  readonly position: string | undefined;
};

export type Importing = {
  readonly terminal: Terminal;
  readonly seller: Seller;
  readonly publish: boolean;
  readonly progress: Progress;
  readonly onError: (error: LineError) => void;
};

async function* chunksOf(lines: AsyncIterable<FileLine>): AsyncGenerator<readonly FileLine[]> {
  let chunk: FileLine[] = [];
  for await (const line of lines) {
    chunk.push(line);
    if (chunk.length < linesAtOnce) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const errorsOf = ({ number }: FileLine, { code, detail, status, errors = [] }: ResultLine): readonly LineError[] =>
  errors.length > 0
    ? errors.map(({ path, message }) => ({ line: number, field: path, message, code }))
    : [{ line: number, field: '(line)', message: detail ?? `answered ${status}`, code }];

/** Products of the seller that need nothing more. */
const publishedBefore = async ({ client, vendorId, position }: Seller): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  const url = `/vendors/${vendorId}/products?state=published`;
  for await (const { id } of allItems(client, url, position)) ids.add(String(id));
  return ids;
};

/**
 * Sends the file in portions and follows the answers line by line. The server knows every line by its `ref`, so what an
 * earlier run has done is found, not done again. @throws CommandFailed when the server is gone or refuses a whole request
 */
export const importFile = async (file: string, importing: Importing): Promise<Imported> => {
  const { terminal, seller, publish, progress } = importing;
  const errors: LineError[] = [];
  const products = new Map<string, number>();
  let position: string | undefined;
  const count = { lines: 0, drafted: 0, found: 0, refused: 0, done: 0 };

  const refuse = (found: readonly LineError[]): void => {
    errors.push(...found);
    for (const error of found) importing.onError(error);
  };
  const lineDone = (): void => progress.at(++count.done);

  const send = async (chunk: readonly FileLine[]) => {
    const accepted: { readonly line: FileLine; readonly id: string }[] = [];
    const body = `${chunk.map(({ text }) => text).join('\n')}\n`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await seller.client.open('POST', '/products/import', body, { headers });
    let answered = 0;
    for await (const text of answerLines(response, terminal.signal)) {
      const result = resultLine.parse(JSON.parse(text));
      const line = chunk[result.line - 1];
      if (line === undefined) throw checkFailed(`the server answered a line ${result.line} that was not sent`);
      answered += 1;
      count.lines += 1;
      if (result.id === undefined) {
        count.refused += 1;
        refuse(errorsOf(line, result));
      } else {
        count[result.replayed === true ? 'found' : 'drafted'] += 1;
        products.set(result.id, line.number);
        accepted.push({ line, id: result.id });
      }
      if (!publish || result.id === undefined) lineDone();
    }
    if (answered < chunk.length)
      throw new CommandFailed(
        exitCodes.unreachable,
        `the server answered ${answered} of ${chunk.length} lines`,
        'CUT_OFF',
      );
    return accepted;
  };

  const publishOne = async (line: FileLine, id: string): Promise<void> => {
    if (line.product === undefined) return;
    try {
      const at = await publishLine(seller, id, line.product);
      if (at !== undefined && (position === undefined || BigInt(at) > BigInt(position))) position = at;
    } catch (error) {
      if (!(error instanceof CommandFailed) || error.exitCode !== exitCodes.failed) throw error;
      refuse([{ line: line.number, field: '(publish)', message: error.message, code: error.code }]);
    }
  };

  const before = publish ? await publishedBefore(seller) : new Set<string>();
  for await (const chunk of chunksOf(linesOfFile(file))) {
    const accepted = await send(chunk);
    if (publish)
      await someAtOnce(accepted, async ({ line, id }) => {
        if (!before.has(id)) await publishOne(line, id);
        lineDone();
      });
  }
  const { done: _, ...counts } = count;
  return { ...counts, products, errors, position };
};
