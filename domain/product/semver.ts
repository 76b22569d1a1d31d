const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const MAX_LENGTH = 64;

/** Whether the text is a version by semver 2.0.0 (`1.2.3-beta.1+build`), at most 64 characters. */
export const isSemver = (text: string): boolean => text.length <= MAX_LENGTH && SEMVER.test(text);

const isNumber = (identifier: string): boolean => /^\d+$/.test(identifier);

/** Numbers carry no leading zeros, so the longer one is the greater: exact at any length. */
const compareNumbers = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

const compareIdentifiers = (a: string, b: string): number => {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

const comparePrereleases = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const left = a.split('.');
  const right = b.split('.');
  for (const [i, identifier] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
};

/** Precedence of two valid versions by semver 2.0.0: negative, 0 or positive. Build metadata doesn't count. */
export const compareSemver = (a: string, b: string): number => {
  const left = SEMVER.exec(a);
  const right = SEMVER.exec(b);
  if (left === null || right === null) throw new Error(`not a version: ${left === null ? a : b}`);
  for (const part of [1, 2, 3]) {
    const order = compareNumbers(left[part] ?? '', right[part] ?? '');
    if (order !== 0) return order;
  }
  return comparePrereleases(left[4], right[4]);
};
