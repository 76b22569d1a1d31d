import { namedSecrets } from './secret-fields.ts';
import type { SecretSpan } from './secret-prefixes.ts';
import { prefixedSecrets } from './secret-prefixes.ts';

const DATA_URI = /data:[\w.+-]{1,40}\/[\w.+-]{1,60}[^\s,"')]{0,60},[\w+/=%-]{16,}/g;

/** The same length with every data URI blanked: base64 of a picture holds anything by chance. */
const withoutDataUris = (text: string): string => text.replace(DATA_URI, (uri) => ' '.repeat(uri.length));

/** Everything in a text that looks like a live credential, in order, overlapping finds merged (the first kind wins). */
export const secretsIn = (text: string): SecretSpan[] => {
  if (text.length < 12) return [];
  const readable = withoutDataUris(text);
  const found = [...prefixedSecrets(readable), ...namedSecrets(readable)].sort((a, b) => a.start - b.start);
  const merged: SecretSpan[] = [];
  for (const span of found) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
  }
  return merged;
};
