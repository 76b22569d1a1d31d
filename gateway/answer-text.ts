const texts = new WeakMap<object, string>();

const textOf = (item: unknown): string | undefined => {
  const known = item instanceof Object ? texts.get(item) : undefined;
  if (known !== undefined) return known;
  const text: string | undefined = JSON.stringify(item);
  if (text !== undefined && item instanceof Object && Object.isFrozen(item)) texts.set(item, text);
  return text;
};

/**
 * An answer as JSON: what `JSON.stringify` makes of it. An answer or an item of a list that is frozen (all through: whoever freezes one
 * says that it stays as it is) is written once, and its text is kept as long as it is.
 */
export const answerText = (answer: unknown): string => {
  if (typeof answer !== 'object' || answer === null) return JSON.stringify(answer);
  if (Object.isFrozen(answer)) return textOf(answer) ?? JSON.stringify(answer);
  const items = 'items' in answer ? answer.items : undefined;
  if (!Array.isArray(items) || !Object.isFrozen(items[0])) return JSON.stringify(answer);
  const fields = Object.entries(answer).flatMap(([name, value]) => {
    const text: string | undefined =
      name === 'items' ? `[${items.map((item) => textOf(item) ?? 'null').join(',')}]` : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
};
