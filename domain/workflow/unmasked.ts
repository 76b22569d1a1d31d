// Soft hyphen, zero-width characters, bidirectional marks, word joiners, variation selectors.
const INVISIBLE = /(?<=[!-~])[\p{Default_Ignorable_Code_Point}\p{Cf}]+(?=[!-~])/gu;

/** Drops invisible characters between visible ASCII ones, where they only hide; those inside emoji and scripts stay. */
export const withoutInvisibles = (text: string): string => text.replace(INVISIBLE, '');

const NAMED_ENTITIES: { readonly [name: string]: string } = {
  commat: '@',
  period: '.',
  colon: ':',
  sol: '/',
  quest: '?',
  equals: '=',
  amp: '&',
  num: '#',
  lowbar: '_',
  hyphen: '-',
};

const character = (code: number, unread: string): string =>
  code >= 0x20 && code <= 0x10_ffff ? String.fromCodePoint(code) : unread;

/** One layer of percent encoding, HTML entities and `\u0040` escapes undone; what is not one of these stays. */
export const decodedOnce = (text: string): string =>
  text
    .replace(/%([2-7][0-9a-f])/gi, (unread, hex: string) => character(Number.parseInt(hex, 16), unread))
    .replace(/\\u([0-9a-f]{4})/gi, (unread, hex: string) => character(Number.parseInt(hex, 16), unread))
    .replace(/&#x0{0,6}([0-9a-f]{1,6});?/gi, (unread, hex: string) => character(Number.parseInt(hex, 16), unread))
    .replace(/&#0{0,6}([0-9]{1,7});?/g, (unread, code: string) => character(Number.parseInt(code, 10), unread))
    .replace(/&([a-z]{3,8});/g, (unread, name: string) =>
      Object.hasOwn(NAMED_ENTITIES, name) ? (NAMED_ENTITIES[name] ?? unread) : unread,
    );

const MOST_LAYERS = 3;

/** Up to three layers of encoding undone (`%2540` → `@`). */
export const decoded = (text: string): string => {
  let at = text;
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const next = decodedOnce(at);
    if (next === at) return at;
    at = next;
  }
  return at;
};

/** A text as a detector should read it: invisible characters dropped, and its decoded form after it where that differs. */
export const readable = (text: string): string => {
  const clear = withoutInvisibles(text);
  const plain = decoded(clear);
  return plain === clear ? clear : `${clear}\n${plain}`;
};
