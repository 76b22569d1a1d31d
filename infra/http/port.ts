import type {} from 'fastify';
import type { ErrorCode } from '../../domain/errors.ts';

/** Who asks, as the gateway established it. */
export type Identity = {
  readonly accountId: string;
  readonly sessionId: string;
  /** Includes the implicit `customer`. */
  readonly roles: readonly string[];
  /** Present when an API key speaks for the account; `sessionId` is the key's id then. */
  readonly apiKey?: { readonly keyId: string; readonly scopes: readonly string[] };
};

/**
 * Who may call a route: `anyone`, any signed-in account, or the roles listed (exactly these; an administrator is no
 * auditor). Whose thing it is, the handler decides. A route without it is refused at start.
 */
export type Access = 'anyone' | 'signedIn' | { readonly roles: readonly string[] };

/** The parts of the API, in the order in which its document shows them; every route belongs to one. */
export const apiTags = {
  Accounts: 'Who one is: sign-in, sessions, passwords, API keys, roles, erasure.',
  Notifications: 'What one was told.',
  Live: 'What happens, as it happens: server-sent events.',
  Catalogue: 'What is on sale: search, product pages, previews, versions.',
  Vendors: 'Shops: asking for one, its settings, approval.',
  Products: 'What vendors make: drafts, versions, publication, import.',
  Cart: 'What one is about to buy.',
  Orders: 'Buying: quotes, orders, refunds, disputes, invoices.',
  Coupons: 'Discounts and what became of them.',
  Reviews: 'What buyers say, and what vendors answer.',
  Licences: 'What was bought: keys, activations, downloads.',
  Money: "A vendor's money: balance, ledger, payouts, statements.",
  Auditors: 'The log: events, states, differences, causes, proof.',
  Operators: 'Read models, dead letters, what processes owe, engines.',
  Webhooks: "What the payment provider sends; the simulated provider's manners.",
  Health: 'Whether it runs, and how.',
} as const;
export type ApiTag = keyof typeof apiTags;

/**
 * Names of a browser session's cookies. Browsers take the prefix `__Host-` only over https, for this host alone; on plain
 * http (loopback) the names have none.
 */
export const sessionCookies = (secure: boolean): { readonly access: string; readonly refresh: string } =>
  secure ? { access: '__Host-access', refresh: '__Host-refresh' } : { access: 'access', refresh: 'refresh' };

/** The value of a cookie in a `Cookie` header; undefined when it is not there, or empty. */
export const cookieOf = (header: string | undefined, name: string): string | undefined => {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...value] = pair.split('=');
    if (key?.trim() === name) return value.join('=').trim() || undefined;
  }
  return undefined;
};

/** Request headers that only some routes honour; `gateway/described-headers.ts` says what each means. */
export type HonouredHeader =
  | 'Idempotency-Key'
  | 'If-Match'
  | 'If-None-Match'
  | 'X-Min-Position'
  | 'Accept'
  | 'Range'
  | 'If-Range'
  | 'Last-Event-ID'
  | 'traceparent';

/** Headers that only some routes send with what succeeds. */
export type SentHeader =
  | 'ETag'
  | 'X-Position'
  | 'Idempotent-Replayed'
  | 'Content-Disposition'
  | 'Content-Range'
  | 'Accept-Ranges'
  | 'Vary'
  | 'Set-Cookie';

/** What a route promises beside its schemas and its access: the API document says it, and tests hold every answer against it. */
export type Contract = {
  readonly honours?: readonly HonouredHeader[];
  readonly sends?: readonly SentHeader[];
  /** The codes of its own refusals, beside those that follow from access, parameters and body. */
  readonly refuses?: readonly ErrorCode[];
};

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Requests a minute for one caller of this route, where it differs from the gateway's own limit. */
    ratePerMinute?: number;
    /** No API key may call it: sessions, keys and passwords are a person's own business. */
    sessionOnly?: boolean;
    contract?: Contract;
  }
  interface FastifyRequest {
    identity: Identity | undefined;
  }
}
