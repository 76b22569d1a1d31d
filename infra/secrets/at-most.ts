/** Runs at most `width` pieces of work at once, the others in the order in which they came. */
export const atMost = (width: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((goOn) => waiting.push(goOn));
    try {
      return await work();
    } finally {
      // Handed over and not freed: nobody who came later gets in between.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
};
