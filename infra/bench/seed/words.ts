/** Numbers of a fixed sequence (mulberry32), in [0, 1). */
export type Sequence = () => number;

export const sequence = (seed: number): Sequence => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru'.split(' ');

/** The n-th made word: three syllables or more, each n another one. */
export const wordAt = (n: number): string => {
  let text = '';
  for (let rest = n, place = 0; place < 3 || rest > 0; place += 1) {
    text += syllables[(rest + place * 7) % syllables.length];
    rest = Math.floor(rest / syllables.length);
  }
  return text;
};

/**
 * Words as they fall in texts: the n-th most used one about 1/n as often as the first (Zipf), of `vocabulary` words. The
 * first few dozen stand in a fifth to a half of all texts of 60 words, most in a handful.
 */
export const zipf = (vocabulary: number, next: Sequence): (() => string) => {
  const span = Math.log(vocabulary + 1);
  return () => wordAt(Math.floor(Math.exp(next() * span)) - 1);
};
