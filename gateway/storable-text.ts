import { domainError } from '../domain/errors.ts';

/** NUL ends a text in some engines; half a surrogate pair has no UTF-8. Neither comes back as it went in. */
const storable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

type Place = { readonly value: unknown; readonly key: string; readonly parent: Place | undefined };

const pathOf = (place: Place): string => {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at?.parent !== undefined; at = at.parent) keys.unshift(at.key);
  return keys.join('.');
};

/** The first text in `value` that can't be stored, as dotted path. No recursion: JSON may be as deep as it is long. */
const unstorableIn = (value: unknown): string | undefined => {
  const places: Place[] = [{ value, key: '', parent: undefined }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value: here } = place;
    if (typeof here === 'string' && !storable(here)) return pathOf(place);
    if (typeof here !== 'object' || here === null) continue;
    for (const [key, inner] of Object.entries(here)) places.push({ value: inner, key, parent: place });
  }
  return undefined;
};

/** @throws DomainError INVALID_INPUT naming the field whose text holds NUL or half a surrogate pair */
export const refuseUnstorableText = (value: unknown): void => {
  const path = unstorableIn(value);
  if (path === undefined) return;
  const message = 'must be text without NUL and unpaired surrogates';
  throw domainError('INVALID_INPUT', undefined, { errors: [{ path: path === '' ? '(body)' : path, message }] });
};
