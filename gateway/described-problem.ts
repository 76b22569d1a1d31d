import { type ErrorCode, errorTable } from '../domain/errors.ts';
import { headersOf } from './described-headers.ts';

const text = { type: 'string' } as const;

/** RFC 9457, with what some codes add. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { ...text, description: 'Where the code is explained.' },
    title: text,
    status: { type: 'integer' },
    detail: { ...text, description: 'For people; may change.' },
    code: { ...text, enum: Object.keys(errorTable), description: 'For programs; stable.' },
    requestId: text,
    errors: {
      type: 'array',
      description: 'With INVALID_INPUT: which fields, as dotted paths.',
      items: { type: 'object', required: ['path', 'message'], properties: { path: text, message: text } },
    },
    reasons: { type: 'array', description: 'With NOT_READY: what is missing.', items: text },
    changes: {
      type: 'array',
      description: 'With PRICE_CHANGED: money as `{ amount, currency }`.',
      items: {
        type: 'object',
        required: ['productId', 'tierId', 'expected', 'actual'],
        properties: { productId: text, tierId: text, expected: { type: 'object' }, actual: { type: 'object' } },
      },
    },
  },
} as const;

/** Name of the component that describes these refusals. */
export const refusalName = (status: number, codes: readonly ErrorCode[]): string => [status, ...codes].join('.');

export const refHeaders = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** All refusals of one status that one route may give. */
export const refusalComponent = (status: number, codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${errorTable[code][1]}.`).join(' '),
  headers: refHeaders(headersOf(status, [])),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { status: { const: status }, code: { enum: [...codes] } } },
        ],
      },
    },
  },
});
