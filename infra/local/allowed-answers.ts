import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Operation } from './api-document.ts';

/** An answer as it came over the wire. */
export type Answered = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};

/** Headers of HTTP itself and of our door, that every answer may have. */
const plainHeaders = new Set([
  ...['cache-control', 'connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'],
  ...['content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options', 'x-accel-buffering'],
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The values that a media type's schema is about: the lines of NDJSON, the whole of JSON, else the text. */
const valuesOf = (type: string, body: string): readonly unknown[] => {
  if (type === 'application/x-ndjson')
    return body.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
  return [/[/+]json$/.test(type) ? JSON.parse(body) : body];
};

/**
 * Holds answers against the API document by JSON Schema 2020-12: status, media type, body, headers.
 * The function it returns says what the document does not allow; undefined: nothing.
 */
export const allowedBy = (document: AnySchema) => {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  formats.default(ajv);
  ajv.addSchema(document, 'api');
  const compiled = new Map<string, ValidateFunction>();

  const at = (pointer: readonly string[]): unknown =>
    pointer.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
  /** Follows a `$ref` that stands in the place of a component. */
  const resolved = (pointer: readonly string[]): readonly string[] => {
    const value = at(pointer);
    return isObject(value) && typeof value.$ref === 'string' ? value.$ref.slice(2).split('/') : pointer;
  };
  const faultIn = (pointer: readonly string[], value: unknown): string | undefined => {
    const $ref = `api#/${pointer.map((key) => encodeURIComponent(escaped(key))).join('/')}`;
    const validate = compiled.get($ref) ?? ajv.compile({ $ref });
    compiled.set($ref, validate);
    if (validate(value) === true) return undefined;
    const [error] = validate.errors ?? [];
    return `${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`;
  };

  const faultInBody = (response: readonly string[], { headers, body }: Answered): string | undefined => {
    const content = at([...response, 'content']);
    const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
    if (!isObject(content)) return type === '' && body === '' ? undefined : `says '${type}' where nothing is to say`;
    if (!Object.hasOwn(content, type)) return `is '${type}', where the document says '${Object.keys(content)}'`;
    if (!/json$/.test(type)) return undefined;
    const isText = at([...response, 'content', type, 'schema', 'type']) === 'string';
    if (isText) return undefined;
    for (const value of valuesOf(type, body)) {
      const fault = faultIn([...response, 'content', type, 'schema'], value);
      if (fault !== undefined) return `has a body that is not of its schema: ${fault}`;
    }
    return undefined;
  };

  const faultInHeaders = (response: readonly string[], { headers }: Answered): string | undefined => {
    const described = Object.keys(Object(at([...response, 'headers'])));
    for (const [name, value] of Object.entries(headers)) {
      if (plainHeaders.has(name)) continue;
      const known = described.find((one) => one.toLowerCase() === name);
      if (known === undefined) return `has the header ${name}, which the document does not know`;
      const header = resolved([...response, 'headers', known]);
      const isNumber = at([...header, 'schema', 'type']) === 'integer';
      const fault = faultIn([...header, 'schema'], isNumber ? Number(value) : String(value));
      if (fault !== undefined) return `has a header ${name}: ${fault}`;
    }
    return undefined;
  };

  return (operation: Pick<Operation, 'method' | 'path'>, answered: Answered): string | undefined => {
    const { statusCode } = answered;
    if (statusCode >= 500) return `answered ${statusCode} ${answered.body}`;
    const described = ['paths', operation.path, operation.method.toLowerCase(), 'responses', String(statusCode)];
    if (at(described) === undefined) return `answered ${statusCode}, which the document does not know`;
    const response = resolved(described);
    const fault = faultInBody(response, answered) ?? faultInHeaders(response, answered);
    return fault === undefined ? undefined : `answered ${statusCode} that ${fault}`;
  };
};
