import { Broken } from '../broken.ts';
import type { Host, Reply, Request } from '../world/host.ts';
import type { World } from '../world/world.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** What the system acknowledged: it has to be in the log for ever. */
export type Acknowledged = {
  readonly what: string;
  readonly key: string;
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
};

export type Called = {
  /** 0: nobody ever answered. */
  readonly status: number;
  readonly body: Answer;
  readonly text: string;
};

export type Call = {
  readonly method: Request['method'];
  /** Below the base path. */
  readonly path: string;
  readonly body?: unknown;
  /** In place of a JSON body. */
  readonly raw?: { readonly payload: Buffer; readonly headers: Readonly<Record<string, string>> };
  /** The same key says the same command. Commands without one get a new one. */
  readonly key?: string;
  /** A position that the answer of a query must not be older than. */
  readonly at?: string;
};

export const password = 'a long enough passphrase 42';
export const emailOf = (name: string): string => `${name}@example.test`;

/** What the persons of a simulation have in their browsers, and what they were told. */
export type Client = {
  /** Sends as somebody (undefined: nobody), again under the same key while no answer or none of worth comes. */
  call(by: string | undefined, call: Call): Promise<Called>;
  /** Commands sent so far, the repeated ones included. */
  commands(): number;
  readonly acknowledged: readonly Acknowledged[];
  /** Signs in anew at the next call: a right that was given needs a new token. */
  signOut(by: string): void;
  pause(ms: number): Promise<void>;
  note(line: string): void;
};

/** Tries until a client loses patience, and the longest pause between two, milliseconds. */
const mostTries = 25;
const longestPauseMs = 3_000;

const parsed = (reply: Reply): Answer => {
  if (!String(reply.headers['content-type']).includes('json')) return {};
  const body: unknown = JSON.parse(reply.text);
  return typeof body === 'object' && body !== null ? { ...body } : {};
};

export const openClient = (
  world: World,
  host: Host,
  options: { readonly administrator: { readonly email: string; readonly password: string } },
): Client => {
  const { timeline, draw, trace } = world;
  const tokens = new Map<string, string>();
  const acknowledged: Acknowledged[] = [];
  const answers = new Map<string, string>();
  let commands = 0;
  let keys = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timeline.after(ms, resolve);
    });
  const note = (line: string): void => trace.note(timeline.now(), line);

  const signIn = async (by: string): Promise<string | undefined> => {
    const body = by === 'admin' ? options.administrator : { email: emailOf(by), password };
    const { status, body: answer } = await call(undefined, { method: 'POST', path: '/auth/login', body });
    if (status !== 200 || typeof answer.accessToken !== 'string') return undefined;
    tokens.set(by, answer.accessToken);
    return answer.accessToken;
  };

  const acknowledge = (what: string, key: string, body: Answer, text: string): void => {
    const { stream, revision, position } = body;
    if (typeof stream !== 'string' || typeof revision !== 'string' || typeof position !== 'string') return;
    acknowledged.push({ what, key, stream, revision, position });
    const before = answers.get(key);
    if (before !== undefined && before !== text)
      throw new Broken('one key, one answer', `the key ${key} of ${what} was answered with ${before} and with ${text}`);
    answers.set(key, text);
  };

  const call: Client['call'] = async (by, { method, path, body, raw, key, at }) => {
    const command = method !== 'GET';
    keys += 1;
    const own = key ?? `key-${keys}`;
    const what = `${by ?? 'nobody'} ${method} ${path}`;
    for (let tries = 0; tries < mostTries; tries++) {
      const token = by === undefined ? undefined : (tokens.get(by) ?? (await signIn(by)));
      if (by !== undefined && token === undefined) return { status: 401, body: {}, text: '' };
      if (command) commands += 1;
      const reply = await host.send({
        method,
        url: `/api/v1${path}`,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(command ? { 'idempotency-key': own } : {}),
          ...(at === undefined ? {} : { 'x-min-position': at }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...raw?.headers,
        },
        ...(raw === undefined
          ? body === undefined
            ? {}
            : { payload: JSON.stringify(body) }
          : { payload: raw.payload }),
      });
      const answer = reply === undefined ? {} : parsed(reply);
      if (command || reply === undefined || reply.status >= 500)
        note(`${what} ${own} → ${reply?.status ?? 'no answer'} ${typeof answer.code === 'string' ? answer.code : ''}`);
      else trace.mark(`${what} → ${reply.status}`);
      if (reply?.status === 401 && by !== undefined && tokens.get(by) === token) {
        tokens.delete(by);
        if (tries > 3) return { status: 401, body: answer, text: reply.text };
        continue;
      }
      if (reply !== undefined && reply.status < 500 && (reply.status !== 401 || by === undefined)) {
        if (command && reply.status < 300) acknowledge(what, own, answer, reply.text);
        return { status: reply.status, body: answer, text: reply.text };
      }
      await pause(draw.between(50, longestPauseMs));
    }
    note(`${what} is given up`);
    return { status: 0, body: {}, text: '' };
  };

  const signOut = (by: string): void => {
    tokens.delete(by);
  };

  return { call, signOut, commands: () => commands, acknowledged, pause, note };
};
