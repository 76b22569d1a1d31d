const PLACEHOLDER =
  /your|my[-_]|xxxx|example|placeholder|insert|replace|change.?me|redacted|dummy|sample|masked|(?:key|token|secret|password|id)[-_]?(?:here|goes)|\*{3}|\.{3}|…|[<>{}[\]$]|process\.env|1234567|abcdefg|qwerty/i;

/** True for text that stands in for a value: `YOUR_API_KEY`, `sk-xxxx`, `<token>`, `{{ … }}`, `[REDACTED]`, `••••`. */
export const isPlaceholder = (value: string): boolean => PLACEHOLDER.test(value) || new Set(value).size < 5;

const switches = (value: string): number => value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
const flips = (value: string): number => value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
const digits = (value: string): number => value.match(/\d/g)?.length ?? 0;
const wordLetters = (value: string): number =>
  (value.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}/g) ?? []).reduce((sum, word) => sum + word.length, 0);

/** Letters and digits as a generator makes them: not a word, not camelCase, not a model name, not a date. */
const looksGenerated = (value: string): boolean => {
  if (new Set(value).size < 8) return false;
  if (digits(value) >= 2 && switches(value) >= 4) return true;
  return value.length >= 20 && flips(value) >= value.length * 0.25 && wordLetters(value) < value.length * 0.6;
};

/**
 * True when the whole value looks like a machine-made credential of at least `shortest` characters. Only a hint:
 * document ids look the same, so a caller needs a second sign (the field's name, a known prefix, a place in a URL).
 */
export const isOpaque = (value: string, shortest = 16): boolean =>
  value.length >= shortest &&
  value.length <= 4_096 &&
  /^[\w\-./+=~:|%!@#^*]+$/.test(value) &&
  !isPlaceholder(value) &&
  looksGenerated(value.replace(/[^A-Za-z0-9]/g, ''));

/** The same, for a value with a long unbroken random part, as ids and keys have and names never do. */
export const hasOpaquePart = (value: string): boolean =>
  value.split(/[^A-Za-z0-9]+/).some((part) => part.length >= 16 && looksGenerated(part));

/** A password as people make them: no blanks, letters with digits, and not a stand-in. */
export const looksLikePassword = (value: string): boolean =>
  /^\S{8,64}$/.test(value) &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  !isPlaceholder(value) &&
  !/pass(?:word)?\d{0,4}$|^test/i.test(value);
