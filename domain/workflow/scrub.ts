import { REMOVED, withoutEmails } from './scrub-emails.ts';
import { withoutLinkQueries } from './scrub-links.ts';
import { secretsIn } from './secrets-in-text.ts';
import { decoded, withoutInvisibles } from './unmasked.ts';

const DATA_URI = /data:[\w.+-]{1,40}\/[\w.+-]{1,60}[^\s,"')]{0,60},[\w+/=%-]{1,}/gi;

const withoutSecrets = (text: string): string => {
  let kept = '';
  let from = 0;
  for (const { start, end } of secretsIn(text)) {
    kept += text.slice(from, start) + REMOVED;
    from = end;
  }
  return kept + text.slice(from);
};

// Secrets first: they need the field names and schemes around them, which the other steps may cut.
const scrubbedPlain = (text: string): string => withoutEmails(withoutLinkQueries(withoutSecrets(text)));

const ENCODED = /%[2-7][0-9a-f]|&#?\w{2,8};|\\u00/i;

/** A word that still hides something behind its encoding is replaced by its decoded, scrubbed form. */
const scrubbedWord = (word: string): string => {
  if (!ENCODED.test(word)) return word;
  const plain = decoded(word);
  const clean = scrubbedPlain(plain);
  return clean === plain ? word : clean;
};

const scrubbedOnce = (text: string): string => {
  const clear = withoutInvisibles(text).replace(DATA_URI, REMOVED);
  const plain = scrubbedPlain(clear);
  // What was taken out may have left an invisible character between visible ones.
  return withoutInvisibles(ENCODED.test(plain) ? plain.replace(/\S+/g, scrubbedWord) : plain);
};

/** Taking one thing out may bring another together (`https://` and what stood behind an encoded `@`): looked at again. */
const ROUNDS = 8;

/**
 * Takes live-looking secrets, e-mail addresses, and the queries, fragments and user parts of links out of a text, also
 * where zero-width characters, percent encoding, HTML entities or line breaks hide them. Embedded data URIs go whole.
 * Scrubbing a scrubbed text changes nothing more. Time grows with the length of the text only.
 */
export const scrub = (text: string): string => {
  let clean = scrubbedOnce(text);
  for (let round = 1; round < ROUNDS; round++) {
    const again = scrubbedOnce(clean);
    if (again === clean) break;
    clean = again;
  }
  return clean;
};
