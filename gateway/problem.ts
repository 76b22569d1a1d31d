import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { DomainError, domainError, type ErrorCode, type FieldError } from '../domain/errors.ts';

/** Fastify's own refusals of a request, before any handler. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_INPUT',
  FST_ERR_ASYNC_CONSTRAINT: 'INVALID_INPUT',
};

type Issue = {
  readonly instancePath?: string;
  readonly message?: string;
  readonly keyword?: string;
  readonly params?: unknown;
};

const unknownKeys = (params: unknown): readonly string[] => {
  if (typeof params !== 'object' || params === null || !('issue' in params)) return keysOf(params);
  return keysOf(params.issue);
};
const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)
    ? value.keys.map(String)
    : [];

const dotted = (pointer: string): string => pointer.split('/').filter(Boolean).join('.');

/** An answer never grows with what a stranger sent: so many fields are named, each with so many characters. */
const mostNamed = 20;
const longestName = 200;

/** One entry for each bad field; an unknown field is named itself, not its parent. */
const fieldErrors = (issues: readonly Issue[]): readonly FieldError[] =>
  issues
    .flatMap((issue) => {
      const path = dotted(issue.instancePath ?? '');
      const unknown = issue.keyword === 'unrecognized_keys' ? unknownKeys(issue.params) : [];
      if (unknown.length > 0)
        return unknown.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not a known field' }));
      return [{ path: path === '' ? '(body)' : path, message: issue.message ?? 'is not valid' }];
    })
    .slice(0, mostNamed)
    .map(({ path, message }) => ({ path: path.slice(0, longestName), message: message.slice(0, longestName) }));

const refused = (path: string, message: string): DomainError =>
  domainError('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });

/** The refusal that an error amounts to; undefined for a fault of ours. */
const refusalFrom = (error: FastifyError): DomainError | undefined => {
  if (error instanceof DomainError) {
    if (error.code !== 'INVALID_CURSOR') return error;
    return domainError('INVALID_CURSOR', error.message, { errors: [{ path: 'cursor', message: error.message }] });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = fieldErrors(error.validation);
    const named = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return domainError('INVALID_INPUT', `${error.validationContext ?? 'request'}: ${named}`, { errors });
  }
  if (error.code === 'FST_ERR_BAD_URL') return refused('path', 'is not percent-encoded UTF-8');
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return refused('path', 'has a part that is too long');
  const code = fastifyCodes[error.code];
  if (code !== undefined) return domainError(code, error.message);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return domainError('INVALID_INPUT', error.message);
  return undefined;
};

/** Answers with RFC 9457 problem+json. Faults are logged whole and told in one neutral sentence. */
export const sendProblem = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const refusal = refusalFrom(error);
  if (refusal === undefined) request.log.error({ err: error }, 'request failed');
  const { code, status, title, message, details } =
    refusal ?? domainError('INTERNAL', 'We failed to answer. Nothing you did caused this.');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 503) reply.header('retry-after', '1');
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send({
      type: `/docs/errors#${code}`,
      title: title === '' ? STATUS_CODES[status] : title,
      status,
      detail: message,
      code,
      requestId: request.id,
      ...details,
    });
};
