import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { definitions } from '../../projections/definitions.ts';
import { documentAsOf } from '../../read-api/audit/document-as-of.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { DocumentAsOf } from '../documents/as-of.port.ts';
import { openSqliteHistories } from '../documents/sqlite/open-histories.ts';
import { eventCodec } from '../event-codec/event-codec.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { systemRandom } from '../random/system-random.ts';
import { personKeys } from '../secrets/person-keys.ts';
import { openSqliteSecrets } from '../secrets/sqlite/open-sqlite-secrets.ts';
import type { AsOfFiles, AsOfQuestion, FromThread, ToThread } from './as-of-thread.ts';

const definitionNamed = new Map(definitions.map((definition) => [definition.name, definition]));

/** The thread of `as-of-thread.ts`: log, keys and read models read-only, one question beside the other, page by page. */
const answerOn = (port: MessagePort, files: AsOfFiles): void => {
  const clock = systemClock();
  const random = systemRandom(clock);
  const secrets = openSqliteSecrets({ file: files.secrets, masterKey: files.masterKey, random, readOnly: true });
  const store = openSqliteEventStore({ file: files.log, clock, readOnly: true });
  const histories = openSqliteHistories(files.readModels);
  const running = new Map<number, AbortController>();

  const find = async (
    { projection, documentId, before }: AsOfQuestion,
    signal: AbortSignal,
  ): Promise<DocumentAsOf | undefined> => {
    const definition = definitionNamed.get(projection);
    if (definition === undefined) return undefined;
    // Keys are remembered for one question only: nobody tells this thread of an erasure.
    const codec = eventCodec({ keys: personKeys(secrets, random), random });
    return documentAsOf({ store, codec, histories }, definition, documentId, before, signal);
  };

  const answer = async (id: number, question: AsOfQuestion): Promise<void> => {
    const abort = new AbortController();
    running.set(id, abort);
    const tell = (message: FromThread): void => port.postMessage(message);
    try {
      tell({ id, found: await find(question, abort.signal) });
    } catch (error) {
      tell({ id, failed: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(id);
    }
  };

  port.on('message', ({ id, ask }: ToThread) => {
    if (ask === 'abort') running.get(id)?.abort();
    else void answer(id, ask);
  });
};

if (parentPort === null) throw new Error('this is a worker thread');
answerOn(parentPort, workerData);
