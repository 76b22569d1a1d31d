/** The middle value; of an even number of them the mean of the two in the middle. NaN of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** What a figure is held against: `ratio` of subject to reference, or the `value` itself. */
export type Goal = {
  readonly of: 'ratio' | 'value';
  readonly atLeast?: number;
  readonly atMost?: number;
};

/** One measured figure; `reference` and `ratio` are null where it stands alone, `goal` and `met` where none is set. */
export type Row = {
  readonly name: string;
  readonly scale: number;
  readonly value: number;
  readonly unit: string;
  readonly reference: number | null;
  readonly ratio: number | null;
  readonly goal: string | null;
  readonly met: boolean | null;
};

/** Subject and reference of each round, measured right after one another. */
export type Rounds = readonly { readonly subject: number; readonly reference: number | undefined }[];

const goalText = ({ of, atLeast, atMost }: Goal): string =>
  `${of === 'ratio' ? 'ratio ' : ''}${atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`}`;

const isMet = ({ of, atLeast, atMost }: Goal, value: number, ratio: number | null): boolean => {
  const measured = of === 'ratio' ? ratio : value;
  if (measured === null) return false;
  return (atLeast === undefined || measured >= atLeast) && (atMost === undefined || measured <= atMost);
};

/**
 * The row of some rounds: medians of subject and reference, and the median of the rounds' ratios (each pair was measured
 * under the same load of the machine; the ratio of the medians was not).
 */
export const rowOf = (
  {
    name,
    scale,
    unit,
    goal,
  }: { readonly name: string; readonly scale: number; readonly unit: string; readonly goal?: Goal | undefined },
  rounds: Rounds,
): Row => {
  const value = median(rounds.map(({ subject }) => subject));
  const pairs = rounds.flatMap(({ subject, reference }) => (reference === undefined ? [] : [{ subject, reference }]));
  const ratio = pairs.length === 0 ? null : median(pairs.map(({ subject, reference }) => subject / reference));
  return {
    ...{ name, scale, value, unit },
    reference: pairs.length === 0 ? null : median(pairs.map(({ reference }) => reference)),
    ratio,
    goal: goal === undefined ? null : goalText(goal),
    met: goal === undefined ? null : isMet(goal, value, ratio),
  };
};
