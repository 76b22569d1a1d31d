import type { RecordScan } from '../../domain/product/commands.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { KnownProduct } from '../../domain/product/product.ts';
import { owed, type PublicationOwes } from '../../domain/publication/owed.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import type { MalwareScanner } from '../../infra/scanner/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import type { Cause } from '../handling/stream-cache.ts';
import type { Reactor } from '../reacting/reactor.ts';
import { inspectWorkflow } from './inspect-workflow.ts';

type Deps = {
  readonly handling: Handling;
  readonly objects: ObjectStore;
  readonly scanner: MalwareScanner;
  readonly clock: Clock;
  /** Whether an administrator's consent is needed before a clean product is on sale. */
  readonly approvalRequired: boolean;
};

type Verdict = Omit<RecordScan, 'type' | 'version' | 'approvalRequired'>;

/** A scan that failed so often in a row is given up: the version is blocked, and a new one may be uploaded. */
const triesAtMost = 5;
const nobody = 'none';

const readWhole = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * Scans every version that waits for its verdict and records what was found; the product decides by itself what follows
 * for its sale. A scan that could not run is thrown and driven again.
 */
export const publicationReactor = ({ handling, objects, scanner, clock, approvalRequired }: Deps): Reactor => {
  /** Scans in a row that could not run, of this process: a restart counts anew. */
  const failures = new Map<string, number>();

  /** One workflow is read at a time: it lies in memory whole, and takes the processor. */
  let reading: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = reading.then(work);
    reading = mine.catch(() => undefined); // its own caller is told
    return mine;
  };

  /** The disk takes its time, in which the next workflow is read: one preview is written at a time. */
  let writing: Promise<unknown> = Promise.resolve();

  const inspected = async (objectKey: string, engine: string): Promise<Verdict> => {
    const { findings, facts, preview, written } = await inTurn(async () => {
      const found = await inspectWorkflow(await readWhole(objects.read(objectKey)), clock);
      await writing;
      const { preview } = found;
      const written = preview === undefined ? Promise.resolve() : objects.write(preview.key, preview.bytes);
      writing = written.catch(() => undefined); // its own caller is told
      return { ...found, written };
    });
    await written;
    const previewKey = preview === undefined ? {} : { previewKey: preview.key };
    return { verdict: findings.length === 0 ? 'clean' : 'blocked', findings, engine, ...facts, ...previewKey };
  };

  const scan = async ({ objectKey }: PublicationOwes, { listing }: KnownProduct): Promise<Verdict> => {
    const malware = await scanner.scan(objects.read(objectKey));
    const { engine } = malware;
    if (malware.type === 'infected') {
      return { verdict: 'infected', findings: [{ kind: 'malware', text: malware.signature }], engine };
    }
    if (listing.kind !== 'n8n-workflow') return { verdict: 'clean', findings: [], engine };
    return inspected(objectKey, engine);
  };

  /** @throws what the scan failed with, until it is given up */
  const verdictOn = async (step: PublicationOwes, product: KnownProduct): Promise<Verdict> => {
    const name = `${product.productId} ${step.version}`;
    try {
      const verdict = await scan(step, product);
      failures.delete(name);
      return verdict;
    } catch (error) {
      const tries = (failures.get(name) ?? 0) + 1;
      failures.set(name, tries);
      if (tries < triesAtMost) throw error;
      failures.delete(name);
      const text = `The scan could not run, ${tries} times in a row.`;
      return { verdict: 'blocked', findings: [{ kind: 'scan-unavailable', text }], engine: nobody };
    }
  };

  const perform = async (step: PublicationOwes, product: KnownProduct, cause: Cause): Promise<void> => {
    const { productId } = product;
    const verdict = await verdictOn(step, product);
    const command: RecordScan = { type: 'RecordScan', version: step.version, approvalRequired, ...verdict };
    // Named by the version and not by the cause: whatever event it is found behind, it is one scan.
    const context = { ...becauseOf(cause, 'scan'), commandId: idFrom(productId, step.version, 'scan') };
    await handling.handle(productDecider, productId, command, context);
  };

  return {
    process: 'publication',
    concerns: (event) => (event.type === 'VersionUploaded' ? [event.data.productId] : []),
    drive: async (productId) => {
      const { state: product, last } = await handling.load(productDecider, productId);
      if (product.status === 'none' || last === undefined) return;
      // One version that can't be scanned holds up no other.
      const done = await Promise.allSettled(owed(product).map((step) => perform(step, product, last)));
      const failed = done.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
};
