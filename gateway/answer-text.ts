const texts = new WeakMap<object, string>();

const textOf = (item: unknown): string | undefined => {
  const known = item instanceof Object ? texts.get(item) : undefined;
  if (known !== undefined) return known;
  const text: string | undefined = JSON.stringify(item);
  if (text !== undefined && item instanceof Object && Object.isFrozen(item)) texts.set(item, text);
  return text;
};

/**
 * An answer as JSON: what `JSON.stringify` makes of it. Items of a list that are frozen (all through: whoever freezes an item says
 * that it stays as it is) are written once, and their text is kept as long as they are.
 */
export const answerText = (answer: unknown): string => {
  if (typeof answer !== 'object' || answer === null || !('items' in answer)) return JSON.stringify(answer);
  const { items } = answer;
  if (!Array.isArray(items) || !Object.isFrozen(items[0])) return JSON.stringify(answer);
  const fields = Object.entries(answer).flatMap(([name, value]) => {
    const text: string | undefined =
      name === 'items' ? `[${items.map((item) => textOf(item) ?? 'null').join(',')}]` : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
};
