import type { Role } from '../../domain/account/events.ts';
import type { Clock } from '../clock/port.ts';
import { CommandFailed, exitCodes } from './exit-codes.ts';
import type { Fetch } from './terminal.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Body = Record<string, unknown>;
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body };

export type CallOptions = {
  /** Idempotency-Key. */
  readonly key?: string;
  /** X-Min-Position: the answer knows everything up to here. */
  readonly at?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Client = {
  readonly url: string;
  /** Answers whatever the server said below 500. A `FormData` or text goes as it is, anything else as JSON. */
  call(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** The body of a 2xx. @throws CommandFailed with the server's words for everything else */
  ok(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<Body>;
  /** A 2xx whose body nobody has read yet. */
  open(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<Response>;
};

export type ClientOptions = {
  /** Of the server, without the base path. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** What goes with every request; asked again with `renew` after a 401. */
  readonly credentials?: (renew: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal;
  /** The role that the requests take: named where one is refused. */
  readonly needs?: Role | undefined;
  /** Told before a wait that the server asked for. */
  readonly onWait?: (seconds: number, why: string) => void;
};

const basePath = '/api/v1';
/** Waits of one request that a server may ask for: two windows of its rate limit, in all. */
const longestWaitS = 130;

const bodyOf = (body: unknown): { readonly body?: string | FormData; readonly type?: string } => {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  return typeof body === 'string' ? { body } : { body: JSON.stringify(body), type: 'application/json' };
};

const textIn = (body: Body, field: string): string | undefined => {
  const value = body[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const isJson = ({ headers }: Response): boolean => String(headers.get('content-type')).includes('json');

const readBody = async (response: Response): Promise<Body> => {
  const text = await response.text();
  if (!isJson(response) || text === '') return text === '' ? {} : { text };
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : { value: parsed };
};

const fieldErrors = ({ errors }: Body): string =>
  Array.isArray(errors) && errors.length > 0
    ? ` (${errors.map(({ path, message }) => `${path}: ${message}`).join('; ')})`
    : '';

const exitOf = (status: number) => {
  if (status === 401 || status === 403) return exitCodes.denied;
  return status >= 500 || status === 429 ? exitCodes.serverFailed : exitCodes.failed;
};

/** What to do about it, where that does not follow from the refusal. */
const hintOf = (status: number, code: string | undefined, needs: Role | undefined): string => {
  if (code === 'INVALID_CREDENTIALS') return ' Check AUTOPILOT_EMAIL and AUTOPILOT_PASSWORD.';
  if (status === 401) return ' Check AUTOPILOT_EMAIL and AUTOPILOT_PASSWORD, or AUTOPILOT_API_KEY.';
  if (code === 'FORBIDDEN' && needs !== undefined)
    return ` It takes the role ${needs}: sign in as somebody who has it, or see \`autopilot roles --help\`.`;
  if (code === 'NOT_FOUND' && needs === 'operator') return ' The `list` beside this command shows what there is.';
  return code === 'SCOPE_MISSING' && needs !== undefined ? ` The key needs the scope ${needs}.` : '';
};

/** Somebody else's server, or another part of ours: it answers, but not in our words. */
export const notAutopilot = (url: string): CommandFailed =>
  new CommandFailed(
    exitCodes.unreachable,
    `${url} answers, but not as Autopilot does: is --url (AUTOPILOT_URL) the address that the server printed at its start, without a path?`,
    'NOT_AUTOPILOT',
  );

/** What a refusal says to a person, on one line. */
export const refusalOf = (
  what: string,
  { status, body }: Pick<Answer, 'status' | 'body'>,
  needs?: Role,
): CommandFailed => {
  const said = textIn(body, 'detail') ?? textIn(body, 'title') ?? `answered ${status}`;
  const code = textIn(body, 'code');
  const hint = hintOf(status, code, needs);
  const detail = textIn(body, 'code') === 'INVALID_INPUT' ? said : `${said}${fieldErrors(body)}`;
  return new CommandFailed(exitOf(status), `${what}: ${detail} [${status}${code ? ` ${code}` : ''}]${hint}`, code);
};

/** A client of the public API. Every error is a {@link CommandFailed} of one line. */
export const apiClient = (options: ClientOptions): Client => {
  const { fetch, clock, credentials, onWait, needs, signal = new AbortController().signal } = options;
  // The address of the API is as good: it is the one that examples for curl have.
  const url = options.url.replace(/\/+$/, '').replace(/\/api\/v1$/, '');

  /** Below 500 our own refusals always have a code. */
  const refused = (what: string, answer: Pick<Answer, 'status' | 'body'>): CommandFailed =>
    answer.status < 500 && textIn(answer.body, 'code') === undefined
      ? notAutopilot(url)
      : refusalOf(what, answer, needs);

  const send = async (method: Method, path: string, body: unknown, call: CallOptions, renew: boolean) => {
    const { body: payload, type } = bodyOf(body);
    const headers = {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(await credentials?.(renew)),
      ...(call.key === undefined ? {} : { 'idempotency-key': call.key }),
      ...(call.at === undefined ? {} : { 'x-min-position': call.at }),
      ...call.headers,
    };
    const target = `${url}${path.startsWith('//') ? path.slice(1) : `${basePath}${path}`}`;
    const sent = payload === undefined ? {} : { body: payload };
    try {
      return await fetch(new Request(target, { method, headers, signal, ...sent }));
    } catch (cause) {
      signal.throwIfAborted();
      throw new CommandFailed(
        exitCodes.unreachable,
        `no answer from ${url}: is the server running (npm start), and is --url (AUTOPILOT_URL) its address?`,
        'UNREACHABLE',
        {
          cause,
        },
      );
    }
  };

  /** Follows the server's own advice: sign in again, wait a moment. */
  const patiently = async (method: Method, path: string, body: unknown, call: CallOptions): Promise<Response> => {
    let [waited, renewed] = [0, false];
    for (;;) {
      const response = await send(method, path, body, call, renewed);
      const { status, headers } = response;
      if (status === 401 && credentials !== undefined && !renewed) {
        renewed = true;
      } else {
        const seconds = Number(headers.get('retry-after') ?? Number.NaN);
        const worth = status === 429 || status === 503;
        if (!worth || !Number.isFinite(seconds) || waited + seconds > longestWaitS) return response;
        waited += Math.max(1, seconds);
        onWait?.(seconds, status === 429 ? 'the rate limit' : 'the read models');
        await clock.sleep(Math.max(1, seconds) * 1_000, signal);
        signal.throwIfAborted();
      }
      await response.body?.cancel();
    }
  };

  const open: Client['open'] = async (method, path, body, call = {}) => {
    const response = await patiently(method, path, body, call);
    if (response.ok) return response;
    throw refused(`${method} ${path}`, { status: response.status, body: await readBody(response) });
  };
  return {
    url,
    open,
    call: async (method, path, body, call = {}) => {
      const response = await patiently(method, path, body, call);
      const answer = { status: response.status, headers: response.headers, body: await readBody(response) };
      if (answer.status >= 500 || answer.status === 429) throw refused(`${method} ${path}`, answer);
      return answer;
    },
    ok: async (...call) => {
      const response = await open(...call);
      const body = await readBody(response);
      if (!isJson(response) && 'text' in body) throw notAutopilot(url);
      return body;
    },
  };
};

/** A text of an answer that cannot be without it. */
export const textOf = (body: Body, field: string): string => {
  const value = body[field];
  if (typeof value !== 'string') throw new CommandFailed(exitCodes.serverFailed, `the answer has no ${field}`);
  return value;
};

/** The items of a list. */
export const itemsOf = ({ items }: Body): readonly Body[] => (Array.isArray(items) ? items : []);

/** Every item of a list, page by page. `path` may have a query. */
export async function* allItems(client: Client, path: string, at?: string): AsyncGenerator<Body> {
  for (let cursor: unknown = ''; ; ) {
    const query = `${path.includes('?') ? '&' : '?'}limit=100${cursor === '' ? '' : `&cursor=${String(cursor)}`}`;
    const page = await client.ok('GET', `${path}${query}`, undefined, { at });
    yield* itemsOf(page);
    cursor = page.nextCursor;
    if (cursor === null || cursor === undefined) return;
  }
}
