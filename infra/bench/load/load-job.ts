/** What the load process is asked: requests over so many connections, each sending its next one when it has its answer. */
export type LoadJob = {
  readonly port: number;
  readonly connections: number;
  /** Ends after so long, or when every request was sent once, whichever is first; undefined: only then. */
  readonly seconds: number | undefined;
  /** Sent in this order. `repeat`: from the start again when all were sent. */
  readonly requests: readonly LoadRequest[];
  readonly repeat: boolean;
};

export type LoadRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query. */
  readonly url: string;
  readonly token?: string;
  readonly body?: string;
};

/** Latencies in milliseconds, each from the moment a request was written until its answer was read whole. */
export type LoadResult = {
  readonly requests: number;
  /** Answers that were no 2xx. */
  readonly failed: number;
  readonly firstFailure: string | undefined;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

/** The bytes on the wire. */
export const wireOf = ({ method, url, token, body }: LoadRequest): Buffer => {
  const lines = [
    `${method} ${url} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
};
