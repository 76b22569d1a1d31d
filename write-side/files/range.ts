/** Bytes `start` to `end`, inclusive. */
export type ByteRange = { readonly start: number; readonly end: number };

const single = /^bytes=\s*(\d*)-(\d*)\s*$/;

/**
 * What a `Range` header asks of `size` bytes (RFC 9110, 14): one range; `unsatisfiable`; or `whole` when there is no header,
 * or one that may be ignored (another unit, several ranges, nonsense).
 */
export const byteRange = (header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' => {
  const asked = header === undefined ? null : single.exec(header);
  const [, first = '', last = ''] = asked ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Number(last);
    return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
};
