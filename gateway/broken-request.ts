import type { Socket } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import { type ErrorCode, errorTable } from '../domain/errors.ts';

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>;

const codeOf = (error: { readonly code: string }): ErrorCode => {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT';
  return error.code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'INVALID_INPUT';
};

/**
 * Answers what is no HTTP, or is not sent in time, with a problem document too; nothing of the framework has run then, so
 * it is written to the socket, which is closed after it.
 */
export const refuseBrokenRequest =
  (newRequestId: () => string): ClientErrorHandler =>
  (error, socket: Socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const code = codeOf(error);
    const [status, title] = errorTable[code];
    const requestId = newRequestId();
    const problem = {
      type: `/docs/errors#${code}`,
      title,
      status,
      detail: 'This is no HTTP request.',
      code,
      requestId,
    };
    const body = JSON.stringify(code === 'INVALID_INPUT' ? problem : { ...problem, detail: title });
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
    ];
    if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    else socket.destroy(error);
  };
