/**
 * The one error table (RFC 9457: code → status and title). Callers branch on the code; texts may change.
 */
export const errorTable = {
  // input
  INVALID_INPUT: [400, 'The request is not valid'],
  INVALID_JSON: [400, 'The body is not valid JSON'],
  INVALID_FILE: [400, 'The file is not what the product needs'],
  INVALID_CURSOR: [400, 'The cursor is not one of ours'],
  UNKNOWN_POSITION: [400, 'The position is not of this log'],
  INVALID_SIGNATURE: [400, 'The signature does not fit'],
  PAYLOAD_TOO_LARGE: [413, 'The body is too large'],
  HEADERS_TOO_LARGE: [431, 'The headers are too large'],
  REQUEST_TIMEOUT: [408, 'The request did not come in time'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'The content type is not supported'],
  RANGE_NOT_SATISFIABLE: [416, 'The range is outside the file'],
  // who
  UNAUTHENTICATED: [401, 'Sign in first'],
  INVALID_CREDENTIALS: [401, 'E-mail address or password is wrong'],
  TOKEN_REUSED: [401, 'The refresh token was used before; its sessions are ended'],
  CSRF_FAILED: [403, 'The CSRF token is missing or wrong'],
  FORBIDDEN: [403, 'Your role does not allow this'],
  NOT_FOUND: [404, 'There is no such thing'],
  LINK_EXPIRED: [410, 'The link has expired'],
  METHOD_NOT_ALLOWED: [405, 'The method is not allowed here'],
  NOT_ACCEPTABLE: [406, 'None of the formats asked for is served here'],
  RATE_LIMITED: [429, 'Too many requests'],
  // concurrency and idempotency
  REVISION_MISMATCH: [412, 'The thing has changed since you read it'],
  IDEMPOTENCY_KEY_REUSED: [422, 'The idempotency key was used with another body'],
  // people
  EMAIL_TAKEN: [409, 'The e-mail address already has an account'],
  LAST_ADMIN: [409, 'The last administrator keeps the role'],
  ACCOUNT_ERASED: [409, 'The account is erased'],
  // vendors
  VENDOR_EXISTS: [409, 'The account already has a vendor'],
  VENDOR_NOT_APPROVED: [409, 'The vendor is not approved'],
  VENDOR_STATE: [409, 'The vendor is in another state'],
  // products
  NOT_READY: [409, 'The product is not ready'],
  PRODUCT_STATE: [409, 'The product is in another state'],
  PRODUCT_RETIRED: [409, 'The product is retired'],
  VERSION_EXISTS: [409, 'The version exists already'],
  VERSION_STATE: [409, 'The version is in another state'],
  VERSION_NOT_NEWER: [409, 'The version is not newer than the newest one'],
  TOO_MANY_VERSIONS: [409, 'The product has too many versions'],
  // buying
  PRICE_CHANGED: [409, 'The price has changed'],
  MIXED_CURRENCIES: [409, 'An order has one currency'],
  NOT_ON_SALE: [409, 'The product is not on sale'],
  OUT_OF_STOCK: [409, 'There are not enough left'],
  PAYMENT_METHOD_REQUIRED: [400, 'A payment method is needed'],
  COUPON_EXISTS: [409, 'The coupon code is taken'],
  COUPON_NOT_ACTIVE: [409, 'The coupon is not active'],
  COUPON_EXHAUSTED: [409, 'The coupon has no uses left'],
  COUPON_NOT_APPLICABLE: [409, 'The coupon does not fit this order'],
  ORDER_STATE: [409, 'The order is in another state'],
  ORDER_PAID: [409, 'The order is paid'],
  ORDER_DISPUTED: [409, 'The order is disputed'],
  CHECKOUT_EXPIRED: [409, 'The checkout took too long'],
  REFUND_EXCEEDS: [409, 'More than is left to refund'],
  // licences
  LICENSE_STATE: [409, 'The licence is in another state'],
  ACTIVATION_LIMIT: [409, 'The licence has no activations left'],
  NO_FILE: [409, 'There is no file to download'],
  // money
  INSUFFICIENT_BALANCE: [409, 'More than is available'],
  PAYOUT_STATE: [409, 'The payout is in another state'],
  // operators
  PROJECTION_STATE: [409, 'The projection is in another state'],
  // faults
  READ_MODEL_BEHIND: [503, 'The read model is not there yet'],
  CONTENTION: [503, 'Too many at once; try again'],
  UNAVAILABLE: [503, 'A part of the system does not answer'],
  INTERNAL: [500, 'We failed'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof errorTable;

export type FieldError = { readonly path: string; readonly message: string };

/** Members beside the standard ones of the problem document; `errors` names bad fields. */
export type ErrorDetails = {
  readonly errors?: readonly FieldError[];
  readonly [member: string]: unknown;
};

/** A refusal with a code of the table. Never thrown for a fault of ours. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, detail?: string, details: ErrorDetails = {}) {
    super(detail ?? errorTable[code][1]);
    this.code = code;
    this.status = errorTable[code][0];
    this.title = errorTable[code][1];
    this.details = details;
  }
}

/** Makes the refusal to throw: `throw domainError('OUT_OF_STOCK')`. `detail` is a sentence for people. */
export const domainError = (code: ErrorCode, detail?: string, details?: ErrorDetails): DomainError =>
  new DomainError(code, detail, details);
