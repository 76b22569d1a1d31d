import { unreachable } from '../unreachable.ts';
import { hasOpaquePart, isOpaque, looksLikePassword } from './opaque.ts';
import type { SecretSpan } from './secret-prefixes.ts';

/** What the name of a field says about its value; undefined when it says nothing. */
type FieldClass = 'password' | 'credential' | 'bare-key';

const PASSWORD = /(?:password|passwd|pwd|passcode|passphrase)$/;
const CREDENTIAL =
  /(?:(?:api|app|access|auth|client|consumer|private|secret|subscription|signing|encryption|service|servicerole|anon|licen[cs]e|master|webhook|user|account|server|integration|admin|storage|hmac|aes|rapid)(?:key|keyid|token)|token|secret|authorization|xauth|authheader|auth|bearer|credentials?|cookie)$/;
const PAGING = /(?:^|next|previous)pagetoken$|synctoken$|nexttoken$|continuationtoken$/;

const classOf = (field: string): FieldClass | undefined => {
  const name = field.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (PASSWORD.test(name)) return 'password';
  if (PAGING.test(name)) return undefined;
  if (CREDENTIAL.test(name)) return 'credential';
  return name === 'key' || name === 'appid' ? 'bare-key' : undefined;
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isLive = (fieldClass: FieldClass, value: string): boolean => {
  switch (fieldClass) {
    case 'password':
      return looksLikePassword(value) || isOpaque(value);
    case 'credential':
      return isOpaque(value) || (UUID.test(value) && new Set(value).size > 8);
    case 'bare-key':
      // `key` alone names many things, paths of stored files among them.
      return /^[\w-]{24,200}$/.test(value) && isOpaque(value) && hasOpaquePart(value);
    default:
      return unreachable(fieldClass);
  }
};

const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Api-Key|Key|Bot|OAuth)\s+/i;
const EXPRESSION = /\{\{[^{}]{0,2000}\}\}/g;

/** The literals of a parameter: itself, or for an expression what stands around it and the quoted strings inside. */
const literalsOf = (value: string): string[] => {
  const text = value.replace(/^=/, '').trim();
  const around = text.replace(EXPRESSION, ' ').trim();
  const quoted = (text.match(EXPRESSION) ?? []).flatMap((code) =>
    [...code.matchAll(/(["'`])([^"'`]{8,512})\1/g)].map((match) => match[2] ?? ''),
  );
  return [around, ...quoted].map((literal) => literal.replace(SCHEME, '').replace(/^["']|["']$/g, ''));
};

/** True when a field of this name with this value holds a live credential, though the value has no prefix of its own. */
export const isSecretField = (field: string, value: string): boolean => {
  const fieldClass = classOf(field);
  if (fieldClass === undefined || value.length > 4_096) return false;
  return literalsOf(value).some((literal) => isLive(fieldClass, literal));
};

const FIELD =
  '([A-Za-z][\\w.-]{0,48}?|)((?:key|keyid|appid|token|secret|authorization|auth|password|passwd|pwd|passcode|cookie|bearer))';
const VALUE = '([^\\s"\'`\\\\<>,;(){}\\[\\]&]{6,512})';
const QUOTE = '\\\\{0,3}["\'`*]';
// `"api_key": "v"`, `apiKey = 'v'`, `?key=v`, `**Token:** v`, also with escaped quotes inside other JSON.
const ASSIGNED = new RegExp(
  `(?<![A-Za-z0-9])${FIELD}(?:${QUOTE}){0,3}\\s{0,3}(?::{1,2}|=>|={1,3}|%3D|\\|)\\s{0,3}(?:\\{\\{\\s{0,4})?(?:${QUOTE}){0,3}\\s{0,3}(?:(?:Bearer|Basic|Token|Bot|Key)\\s{1,3})?${VALUE}`,
  'gi',
);
// `setHeader("x-api-key", "v")` and `{"name": "x-api-key", "value": "v"}` inside a string.
const LISTED = new RegExp(
  `${QUOTE}([\\w-]{2,49}|)${QUOTE}\\s{0,9},\\s{0,9}(?:${QUOTE}?value${QUOTE}?\\s{0,3}:\\s{0,3})?${QUOTE}(?:(?:Bearer|Basic|Token|Bot|Key)\\s{1,3})?${VALUE}`,
  'gi',
);

// `--api-key v` on a command line, `the API key is v` in a prompt.
const SPOKEN = new RegExp(
  `(?<![A-Za-z0-9])([\\w-]{0,30}(?:key|token|secret|password))(?:\\s{1,3}is)?\\s{1,3}${QUOTE}?${VALUE}`,
  'gi',
);

const spansOf = (text: string, pattern: RegExp, fieldGroups: readonly number[], valueGroup: number): SecretSpan[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const field = fieldGroups.map((group) => match[group] ?? '').join('');
    const value = (match[valueGroup] ?? '').replace(/[.:*!|]+$/, '');
    const fieldClass = classOf(field);
    if (fieldClass === undefined || !isLive(fieldClass, value)) return [];
    // Unquoted words with dots or slashes after `password =` are code or paths, not passwords.
    if (fieldClass === 'password' && /^[A-Za-z_$][\w$]*(?:[./][\w$]+)+$/.test(value) && !isOpaque(value)) return [];
    const start = match.index + match[0].lastIndexOf(value);
    return [{ kind: fieldClass === 'password' ? 'password' : 'api-key', start, end: start + value.length }];
  });

/** Credentials without a prefix that stand beside a field name inside a text: JSON, code, a header, a URL's query. */
export const namedSecrets = (text: string): SecretSpan[] => [
  ...spansOf(text, ASSIGNED, [1, 2], 3),
  ...spansOf(text, LISTED, [1], 2),
  ...spansOf(text, SPOKEN, [1], 2).filter(({ start, end }) => hasOpaquePart(text.slice(start, end))),
];
