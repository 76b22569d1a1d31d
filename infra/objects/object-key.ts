const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const LONGEST = 200;

/**
 * The key itself when it is one: segments of letters, digits, `.`, `_` and `-` (none starting with a dot) with single
 * slashes between, at most 200 characters. So no key can leave the store's folder or meet another on any file system.
 * @throws TypeError for anything else
 */
export const objectKey = (key: string): string => {
  const valid = key.length <= LONGEST && key.split('/').every((segment) => SEGMENT.test(segment));
  if (!valid) throw new TypeError(`not an object key: ${JSON.stringify(key.slice(0, LONGEST))}`);
  return key;
};
