import type { FastifyBaseLogger } from 'fastify';

type Made = Parameters<FastifyBaseLogger['child']>;

/** A request's log, made when the request says something for the first time: hardly any does. */
class RequestLog implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #made: Made;
  #child: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, made: Made) {
    this.#parent = parent;
    this.#made = made;
  }
  get #own(): FastifyBaseLogger {
    this.#child ??= this.#parent.child(...this.#made);
    return this.#child;
  }
  get level() {
    return this.#own.level;
  }
  get fatal() {
    return this.#own.fatal.bind(this.#own);
  }
  get error() {
    return this.#own.error.bind(this.#own);
  }
  get warn() {
    return this.#own.warn.bind(this.#own);
  }
  get info() {
    return this.#own.info.bind(this.#own);
  }
  get debug() {
    return this.#own.debug.bind(this.#own);
  }
  get trace() {
    return this.#own.trace.bind(this.#own);
  }
  get silent() {
    return this.#own.silent.bind(this.#own);
  }
  child(...made: Made): FastifyBaseLogger {
    return new RequestLog(this.#own, made);
  }
}

/** The same log for Fastify, with children that cost nothing until they speak. */
export const withRequestLogs = (log: FastifyBaseLogger): FastifyBaseLogger => {
  const root: FastifyBaseLogger = Object.create(log);
  root.child = (...made) => new RequestLog(log, made);
  return root;
};
