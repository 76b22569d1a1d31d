import type { HonouredHeader, SentHeader } from '../infra/http/port.ts';

type Described = { readonly description: string; readonly schema: Readonly<Record<string, unknown>> };

const digits = { type: 'string', pattern: '^\\d{1,18}$' };
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

/** What a client may send along, on the routes that say so. */
export const honouredHeaders: Readonly<Record<HonouredHeader, Described>> = {
  'Idempotency-Key': {
    description: 'The same key with the same body gets the first answer again; with another body it is refused.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  'If-Match': {
    description: 'A revision, as ETag has it: refused when the thing has changed since. `*` is any.',
    schema: { type: 'string', pattern: '^(\\*|"\\d{1,18}")$' },
  },
  'If-None-Match': { description: 'ETags that the client has: 304 when one is still right.', schema: text },
  'X-Min-Position': {
    description: 'A position that a command answered: the answer waits for it, up to 5 s.',
    schema: digits,
  },
  Accept: { description: 'Which of the formats below to answer in; JSON where nothing is said.', schema: text },
  Range: { description: 'One range of bytes; of several, or of another unit, the whole is sent.', schema: text },
  'If-Range': { description: 'The ETag of which the client has a part: else the whole is sent.', schema: text },
  'Last-Event-ID': { description: 'Goes on after this event.', schema: digits },
  traceparent: { description: 'W3C trace context; kept with the events.', schema: text },
};

/** What comes with success, on the routes that say so. */
const sent: Readonly<Record<SentHeader, Described>> = {
  ETag: {
    description: 'The revision, or what stands for the bytes; in quotes.',
    schema: { ...text, pattern: '^".+"$' },
  },
  'X-Position': { description: 'Where in the log it was recorded: for X-Min-Position.', schema: digits },
  'Idempotent-Replayed': {
    description: 'Present where the Idempotency-Key was used before: this is the first answer.',
    schema: { type: 'string', const: 'true' },
  },
  'Content-Disposition': { description: 'The name to save it under.', schema: { ...text, pattern: '^attachment' } },
  'Content-Range': { description: 'Which bytes these are.', schema: { ...text, pattern: '^bytes ' } },
  'Accept-Ranges': { description: 'Parts of it may be asked for.', schema: { type: 'string', const: 'bytes' } },
  Vary: { description: 'The answer depends on the Accept header.', schema: text },
  'Set-Cookie': { description: "The session's cookies, with `X-Session: cookie`.", schema: text },
};
export const sentHeaders = Object.keys(sent).filter((name): name is SentHeader => Object.hasOwn(sent, name));

/** What may come with any answer, or with the refusals named. */
const always = {
  'X-Request-Id': { description: 'As sent, else made here; in every problem and in the log.', schema: text },
  'RateLimit-Limit': { description: 'Requests a minute; absent where limits are off.', schema: count },
  'RateLimit-Remaining': { description: 'Requests left in this minute.', schema: count },
  'RateLimit-Reset': { description: 'Seconds until the minute is over.', schema: count },
} as const satisfies Record<string, Described>;
const refused = {
  'Retry-After': { description: 'Seconds to wait.', schema: count },
  'WWW-Authenticate': { description: 'How to say who one is.', schema: text },
} as const satisfies Record<string, Described>;

/** All answer headers, as components of the document. */
export const answerHeaders: Readonly<Record<string, Described>> = { ...always, ...refused, ...sent };

const refusedWith: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Names of the headers that an answer may have. `sends`: those of the route's successes. */
export const headersOf = (status: number, sends: readonly SentHeader[]): readonly string[] => [
  ...Object.keys(always),
  ...(status < 400 ? sends.filter((name) => status === 206 || name !== 'Content-Range') : (refusedWith[status] ?? [])),
];
