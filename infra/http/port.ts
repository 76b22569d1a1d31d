import type {} from 'fastify';

/** Who asks, as the gateway established it. */
export type Identity = {
  readonly accountId: string;
  readonly sessionId: string;
  /** Includes the implicit `customer`. */
  readonly roles: readonly string[];
};

/**
 * Who may call a route: `anyone`, any signed-in account, or the roles listed (exactly these; an administrator is no
 * auditor). Whose thing it is, the handler decides. A route without it is refused at start.
 */
export type Access = 'anyone' | 'signedIn' | { readonly roles: readonly string[] };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Requests a minute for one caller of this route, where it differs from the gateway's own limit. */
    ratePerMinute?: number;
  }
  interface FastifyRequest {
    identity: Identity | undefined;
  }
}
