import type { FastifyRequest } from 'fastify';
import { domainError } from '../../domain/errors.ts';

type Range = { readonly type: string; readonly weight: number };

const rangesOf = (accept: string): readonly Range[] =>
  accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const q = parameters.find((text) => text.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    return { type, weight: Number.isFinite(weight) ? weight : 0 };
  });

/** 3 for the type itself, 2 for its family, 1 for anything, 0 for another. */
const closeness = (range: string, format: string): number => {
  if (range === format) return 3;
  if (range === `${format.slice(0, format.indexOf('/'))}/*`) return 2;
  return range === '*/*' ? 1 : 0;
};

/**
 * The media type to answer with: the one the client wants most; of equals the one it named most exactly, then the first
 * of `formats`. @throws DomainError NOT_ACCEPTABLE when it takes none of them
 */
export const formatFor = (request: FastifyRequest, formats: readonly [string, ...string[]]): string => {
  const { accept } = request.headers;
  if (accept === undefined || accept.trim() === '') return formats[0];
  const ranges = rangesOf(accept);
  let best: { readonly format: string; readonly weight: number; readonly close: number } | undefined;
  for (const format of formats) {
    let own = { format, weight: 0, close: 0 };
    for (const range of ranges) {
      const close = closeness(range.type, format);
      if (close > own.close) own = { format, weight: range.weight, close };
    }
    if (own.weight <= 0) continue;
    const better =
      best === undefined || own.weight > best.weight || (own.weight === best.weight && own.close > best.close);
    if (better) best = own;
  }
  if (best === undefined) throw domainError('NOT_ACCEPTABLE', `Served here: ${formats.join(', ')}`);
  return best.format;
};
