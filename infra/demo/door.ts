import type { FastifyInstance } from 'fastify';

export type Answer = Readonly<Record<string, unknown>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Somebody who is signed in: calls carry a token that is good at the time, and commands a key of their own. */
export type Person = {
  /** @throws Error when it is refused */
  ask(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** A command that makes something: its id. @throws Error when it is refused */
  make(path: string, body?: unknown): Promise<string>;
  upload(path: string, fields: Readonly<Record<string, string>>, file: string): Promise<void>;
};

export type Door = {
  /** Makes an account. @throws Error when it is refused */
  register(email: string, password: string, displayName: string): Promise<string>;
  signIn(email: string, password: string): Promise<Person>;
};

type Send = { readonly headers: Readonly<Record<string, string>>; readonly payload?: string | Buffer };

/** While the system is filled tokens don't run out, but a session that is not refreshed ends after a month. */
const freshMs = 10 * 86_400_000;
const base = '/api/v1';
const boundary = 'a-version-of-the-demo';

export const textIn = (answer: Answer, field: string): string => {
  const value = answer[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer)}`);
  return value;
};

const multipart = (fields: Readonly<Record<string, string>>, file: string): string => {
  const part = (head: string, content: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value));
  const whole = part('name="file"; filename="workflow.json"\r\ncontent-type: application/json', file);
  return `${texts.join('')}${whole}--${boundary}--\r\n`;
};

/**
 * The system's own door, by its routes, as people use it. Keys of commands are counted, so that ids are the same at each
 * filling. `now` is the system's time in milliseconds.
 */
export const doorOf = (app: FastifyInstance, now: () => number): Door => {
  const send = async (method: Method, path: string, { headers, payload }: Send): Promise<Answer> => {
    const url = `${base}${path}`;
    const reply = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    if (reply.statusCode >= 300) throw new Error(`${method} ${path} answered ${reply.statusCode} ${reply.body}`);
    return reply.body === '' ? {} : reply.json();
  };
  const json = (body: unknown): Send =>
    body === undefined
      ? { headers: {} }
      : { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) };
  const withHeaders = ({ headers, ...rest }: Send, more: Readonly<Record<string, string>>): Send => ({
    ...rest,
    headers: { ...headers, ...more },
  });

  return {
    register: async (email, password, displayName) => {
      const call = withHeaders(json({ email, password, displayName }), { 'idempotency-key': `demo-${email}` });
      return textIn(await send('POST', '/auth/register', call), 'id');
    },
    signIn: async (email, password) => {
      let tokens = await send('POST', '/auth/login', json({ email, password }));
      let since = now();
      let commands = 0;

      const authorization = async (): Promise<string> => {
        if (now() - since > freshMs) {
          tokens = await send('POST', '/auth/refresh', json({ refreshToken: textIn(tokens, 'refreshToken') }));
          since = now();
        }
        return `Bearer ${textIn(tokens, 'accessToken')}`;
      };
      const call = async (method: Method, path: string, given: Send): Promise<Answer> => {
        const headers = {
          authorization: await authorization(),
          ...(method === 'GET' ? {} : { 'idempotency-key': `demo-${++commands}` }),
        };
        return send(method, path, withHeaders(given, headers));
      };

      return {
        ask: (method, path, body) => call(method, path, json(body)),
        make: async (path, body) => textIn(await call('POST', path, json(body)), 'id'),
        upload: async (path, fields, file) => {
          const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
          await call('POST', path, { headers, payload: multipart(fields, file) });
        },
      };
    },
  };
};
