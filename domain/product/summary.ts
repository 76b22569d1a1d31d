const MAX = 200;

/** At most `max` UTF-16 units, cut after a word with an ellipsis; an endless word is cut hard, never inside a character. */
const cutAtWord = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const head = text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = text[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
  return `${space > 0 ? head.slice(0, space) : head}…`;
};

/** The summary of a product that brings none: the first sentence of its description, at most 200 characters. */
export const firstSentence = (description: string): string => {
  const paragraph = description.trim().split(/\n\s*\n/)[0] ?? '';
  const text = paragraph
    .replace(/^[#>*\s-]+/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const end = /[.!?](?=\s|$)|[。！？]/.exec(text);
  return cutAtWord(end === null ? text : text.slice(0, end.index + 1), MAX);
};
