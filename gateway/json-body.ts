import type { FastifyInstance } from 'fastify';
import { domainError } from '../domain/errors.ts';
import { refuseUnstorableText } from './storable-text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Bytes that are UTF-8 bring such text into JSON by an escape only. */
const mayBeUnstorable = /\\u(?:0000|d[89a-f])/i;

/** A key that would reach an object's prototype is no field of ours: refused by the strict schemas as unknown, never assigned. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw domainError('INVALID_JSON', error instanceof Error ? error.message : undefined);
  }
};

/**
 * JSON bodies: strict UTF-8, and an empty body is the same as none. Webhooks keep their raw bytes by a parser of their
 * own plugin.
 */
export const acceptJsonBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => {
    if (bytes.length === 0) return undefined;
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      throw domainError('INVALID_JSON', 'The body is not valid UTF-8.');
    }
    const body = parse(text);
    if (mayBeUnstorable.test(text)) refuseUnstorableText(body);
    return body;
  });
};
