import { domainError } from '../../domain/errors.ts';
import type { ProductKind } from '../../domain/product/events.ts';
import { parseWorkflow } from '../../domain/workflow/parse-workflow.ts';
import { type ObjectInfo, type ObjectStore, ObjectTooLarge } from '../../infra/objects/port.ts';

export type FileLimits = {
  /** Bytes of a file of any kind. */
  readonly fileBytes: number;
  /** Bytes of a workflow, which is read whole. */
  readonly workflowBytes: number;
};

type Bytes = AsyncIterable<Uint8Array>;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const mebibytes = (bytes: number): string =>
  `${(bytes / 1_048_576).toLocaleString('en', { maximumFractionDigits: 2 })} MiB`;

const tooLarge = (what: string, maxBytes: number) =>
  domainError('PAYLOAD_TOO_LARGE', `${what} has at most ${mebibytes(maxBytes)}.`, { maxBytes });
const empty = () => domainError('INVALID_INPUT', 'file: is empty', { errors: [{ path: 'file', message: 'is empty' }] });
const invalidFile = (reason: string) =>
  domainError('INVALID_FILE', reason, { errors: [{ path: 'file', message: reason }] });

async function* notEmpty(content: Bytes): Bytes {
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    yield chunk;
  }
  if (size === 0) throw empty();
}

async function* just(bytes: Uint8Array): Bytes {
  yield bytes;
}

const readWhole = async (content: Bytes, maxBytes: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge('A workflow', maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const decode = (bytes: Uint8Array): string => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw invalidFile('The file is not valid UTF-8.');
  }
};

/** A byte order mark is allowed and stays: the bytes sold are the bytes uploaded. */
const checkedWorkflow = async (content: Bytes, maxBytes: number): Promise<Buffer> => {
  const bytes = await readWhole(content, maxBytes);
  if (bytes.byteLength === 0) throw empty();
  const parsed = parseWorkflow(decode(bytes));
  if (!parsed.ok) throw invalidFile(parsed.reason);
  return bytes;
};

/**
 * Stores the file of a version under `files/<attempt>`; a workflow is read and checked first. Every attempt has an object of
 * its own, so whoever made it may remove it without a look at anybody else's versions.
 * @throws DomainError PAYLOAD_TOO_LARGE, INVALID_INPUT (empty), INVALID_FILE; nothing is left behind then
 */
export const storeVersionFile = async (
  objects: ObjectStore,
  options: { readonly kind: ProductKind; readonly attempt: string; readonly limits: FileLimits },
  content: Bytes,
): Promise<ObjectInfo> => {
  const { fileBytes, workflowBytes } = options.limits;
  const source =
    options.kind === 'n8n-workflow'
      ? just(await checkedWorkflow(content, Math.min(workflowBytes, fileBytes)))
      : notEmpty(content);
  try {
    return await objects.put(`files/${options.attempt}`, source, { maxBytes: fileBytes });
  } catch (error) {
    throw error instanceof ObjectTooLarge ? tooLarge('A file', error.maxBytes) : error;
  }
};
