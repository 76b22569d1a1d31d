import { upload } from './test-client.ts';
import type { TestSystem } from './test-system.ts';

export type Reply = {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
};
export type Sent = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the base path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
};

/** A way to a system, in this process or over the wire, and its idea of time. */
export type Door = {
  send(request: Sent): Promise<Reply>;
  /** A moment between two looks. */
  pause(): Promise<void>;
};

export type Options = { readonly token?: string | undefined; readonly key?: string };
export type Answer = Record<string, unknown>;

export type InjectedDoor = Door & {
  /** Moves the system's time on until `work` has settled, or `stopped` has: then it is undefined. */
  pumped<T>(work: Promise<T>, stopped?: Promise<void>): Promise<T | undefined>;
};

/** The door of a system in this process, whose time moves only in `pumped`. */
export const injected = ({ app, clock }: TestSystem): InjectedDoor => {
  let underWay = 0;
  return {
    send: async ({ method, url, headers, payload }) => {
      underWay += 1;
      try {
        const reply = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
        const texts = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
        return { status: reply.statusCode, text: reply.body, headers: Object.fromEntries(texts) };
      } finally {
        underWay -= 1;
      }
    },
    pause: () => clock.sleep(300),
    pumped: async (work, stopped = forever()) => {
      let over = false;
      const end = (): void => {
        over = true;
      };
      work.then(end, end);
      stopped.then(end, end);
      // A request may be at work on another thread, which takes real time: the clock must not run away from it.
      while (!over) await clock.advance(underWay > 0 ? 1 : 100);
      return Promise.race([stopped.then(() => undefined), work]);
    },
  };
};

/** Never settles: what a call of a dead process does. */
export const forever = <T>(): Promise<T> => new Promise<T>(() => {});

/** Whatever it answers. `path` without the base path. */
export const asked = (
  door: Door,
  method: Sent['method'],
  path: string,
  body: unknown,
  { token, key }: Options,
): Promise<Reply> =>
  door.send({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });

export const get = (door: Door, path: string, options: Options = {}): Promise<Reply> =>
  asked(door, 'GET', path, undefined, options);
export const post = (door: Door, path: string, body: unknown, options: Options = {}): Promise<Reply> =>
  asked(door, 'POST', path, body, options);

const accepted = (what: string, reply: Reply): Answer => {
  if (reply.status >= 300) throw new Error(`${what} answered ${reply.status} ${reply.text}`);
  return JSON.parse(reply.text);
};

/** @throws Error when it is refused */
export const posted = async (door: Door, path: string, body: unknown, options: Options = {}): Promise<Answer> =>
  accepted(path, await post(door, path, body, options));
export const put = async (door: Door, path: string, body: unknown, options: Options = {}): Promise<Answer> =>
  accepted(path, await asked(door, 'PUT', path, body, options));
export const patched = async (door: Door, path: string, body: unknown, options: Options = {}): Promise<Answer> =>
  accepted(path, await asked(door, 'PATCH', path, body, options));
export const got = async (door: Door, path: string, options: Options = {}): Promise<Answer> =>
  accepted(path, await get(door, path, options));

/** Uploads a version of a product. @throws Error when it is refused */
export const uploaded = async (
  door: Door,
  productId: string,
  file: string,
  version: string,
  { token, key }: Options,
): Promise<Answer> => {
  const { payload, headers } = upload(file, version);
  const reply = await door.send({
    method: 'POST',
    url: `/api/v1/products/${productId}/versions`,
    payload,
    headers: { ...headers, authorization: `Bearer ${token}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });
  return accepted('upload', reply);
};

export const textOf = (answer: Answer, field: string): string => {
  const value = answer[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer)}`);
  return value;
};

/** Looks until `probe` finds something; fails after `looks`. */
export const awaited = async <T>(
  door: Door,
  what: string,
  probe: () => Promise<T | undefined | false>,
  looks = 3_000,
): Promise<T> => {
  for (let look = 0; look < looks; look++) {
    const found = await probe();
    if (found) return found;
    await door.pause();
  }
  throw new Error(`did not come: ${what}`);
};
