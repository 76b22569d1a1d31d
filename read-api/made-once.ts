/**
 * What is made of two documents, made once as long as they are the same: documents are shared by all who read them, so what follows
 * from them alone can be as well. It is frozen, which lets its text be kept too (`gateway/answer-text.ts`).
 */
export const madeOnce = <One extends object, Other extends object, Made extends object>(
  make: (one: One, other: Other) => Made,
): ((one: One, other: Other) => Readonly<Made>) => {
  const kept = new WeakMap<One, { readonly other: Other; readonly made: Readonly<Made> }>();
  return (one, other) => {
    const known = kept.get(one);
    if (known?.other === other) return known.made;
    const made = Object.freeze(make(one, other));
    kept.set(one, { other, made });
    return made;
  };
};
