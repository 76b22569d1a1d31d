import { Worker } from 'node:worker_threads';
import type { DocumentAsOf, DocumentsAsOf } from '../documents/as-of.port.ts';
import type { ReadModelFiles } from '../documents/sqlite/open-read-models.ts';

/** What the thread opens for itself, read-only. */
export type AsOfFiles = {
  readonly log: string;
  readonly readModels: ReadModelFiles;
  readonly secrets: string;
  readonly masterKey: Uint8Array;
};

export type AsOfQuestion = { readonly projection: string; readonly documentId: string; readonly before: bigint };
export type ToThread = { readonly id: number; readonly ask: AsOfQuestion | 'abort' };
export type FromThread = { readonly id: number } & (
  | { readonly found: DocumentAsOf | undefined }
  | { readonly failed: string }
);

/** A thread that holds more than this ends, and its questions with it: 503. */
const heapMb = 512;

type Asked = { readonly resolve: (found: DocumentAsOf | undefined) => void; readonly reject: (error: unknown) => void };

/**
 * Documents as of a moment, folded on a thread of their own: it starts with the first question and answers several by turns; one
 * that died is replaced at the next.
 */
export const documentsOnThread = (files: AsOfFiles): DocumentsAsOf & { readonly close: () => Promise<void> } => {
  const asked = new Map<number, Asked>();
  let thread: Worker | undefined;
  let lastId = 0;

  const ended = (which: Worker, error: unknown): void => {
    if (thread !== which) return;
    thread = undefined;
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  };

  const running = (): Worker => {
    if (thread !== undefined) return thread;
    const started = new Worker(new URL('./as-of-worker.ts', import.meta.url), {
      workerData: files,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    started.unref();
    started.on('message', (answer: FromThread) => {
      const question = asked.get(answer.id);
      asked.delete(answer.id);
      if ('failed' in answer) question?.reject(new Error(answer.failed));
      else question?.resolve(answer.found);
    });
    started.on('error', (error) => ended(started, error));
    started.on('exit', (code) =>
      ended(started, new Error(`the thread for documents as of a moment ended with ${code}`)),
    );
    thread = started;
    return started;
  };

  return {
    find: (projection, documentId, before, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        lastId += 1;
        const id = lastId;
        const tell = (ask: ToThread['ask']): void => running().postMessage({ id, ask } satisfies ToThread);
        const aborted = (): void => {
          if (asked.delete(id)) tell('abort');
          reject(signal.reason);
        };
        const settled = () => signal.removeEventListener('abort', aborted);
        signal.addEventListener('abort', aborted, { once: true });
        asked.set(id, {
          resolve: (found) => {
            settled();
            resolve(found);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        });
        tell({ projection, documentId, before });
      }),
    close: async () => {
      const last = thread;
      if (last === undefined) return;
      ended(last, new Error('closed'));
      await last.terminate();
    },
  };
};
