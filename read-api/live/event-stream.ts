import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import { categoryOf, type EventStore, type StoredEvent } from '../../infra/event-store/port.ts';
import type { Topic } from './topics.ts';

type Deps = { readonly store: EventStore; readonly codec: EventCodec; readonly clock: Clock };

/** A comment so often keeps proxies from closing what is quiet, and moves the client's place in the log. */
const beatMs = 15_000;
/** Then the client comes again, with a token that is checked anew. */
const longestMs = 10 * 60_000;

export type Live = {
  readonly body: Readable;
  /** Resolves when nothing of it is left: the client went, its rights changed, its time was up, or `signal` aborted. */
  readonly ended: Promise<void>;
};

/**
 * Server-sent events about the topics, from the log after `after` on. Each message says what changed, not how: the client
 * asks again (with `X-Min-Position`). `id` is the position; an event under several topics has it on the last message only,
 * so that a break between them loses none. Nothing is read ahead of a client that does not take what it was sent.
 */
export const liveStream = (
  { store, codec, clock }: Deps,
  options: {
    readonly topics: readonly Topic[];
    readonly accountId: string;
    readonly after: bigint | undefined;
    /** The end of the log before the caller's rights were checked. */
    readonly checkedAt: bigint | undefined;
    readonly signal: AbortSignal;
  },
): Live => {
  const { topics, after, checkedAt } = options;
  const body = new PassThrough();
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  const end = (): void => abort.abort();
  body.once('close', end);
  body.once('error', end);

  let seen = after;
  const write = async (text: string): Promise<void> => {
    if (!body.write(text)) await once(body, 'drain', { signal });
  };
  const idLine = (position: bigint | undefined): string => (position === undefined ? '' : `id: ${position}\n`);

  const messagesOf = async (stored: StoredEvent): Promise<string> => {
    const [decoded] = await codec.decode([stored]);
    const event = decoded?.ok === true ? decoded.event : undefined;
    const told = topics.flatMap(({ name: topic, categories, about }) => {
      const id = categories.includes(categoryOf(stored.stream)) ? about(stored, event) : undefined;
      return id === undefined ? [] : [{ topic, type: stored.type, position: String(stored.position), id }];
    });
    return told
      .map((data, index) => {
        const place = index === told.length - 1 ? idLine(stored.position) : '';
        return `${place}event: change\ndata: ${JSON.stringify(data)}\n\n`;
      })
      .join('');
  };

  const follow = async (): Promise<void> => {
    const mine = `account-${options.accountId}`;
    const categories = [...new Set(['account', ...topics.flatMap((topic) => topic.categories)])];
    await write(`retry: 1000\n${idLine(after)}: following ${topics.map(({ name }) => name).join(', ')}\n\n`);
    const batches = store.subscribe({ ...(after === undefined ? {} : { after }), filter: { categories }, signal });
    for await (const { events, position } of batches) {
      for (const stored of events) {
        // Rights may have changed since they were checked: who still has them comes again.
        if (stored.stream === mine && (checkedAt === undefined || stored.position > checkedAt)) return;
        const messages = await messagesOf(stored);
        if (messages !== '') await write(messages);
        seen = stored.position;
      }
      seen = position ?? seen;
    }
  };

  /** Behind a client that is slow no comment is queued. */
  const beat = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(beatMs, signal);
      if (!signal.aborted && body.writableLength === 0) body.write(`${idLine(seen)}: beat\n\n`);
    }
  };

  const tooLong = clock.schedule(longestMs, end);
  const ended = (async () => {
    const beating = beat();
    try {
      await follow();
    } catch (error) {
      // What the store throws ends the stream: the client comes again and goes on where it was.
      if (!signal.aborted) body.destroy(error instanceof Error ? error : new Error(String(error)));
    } finally {
      tooLong();
      end();
      body.end();
      await beating;
    }
  })();
  return { body, ended };
};
