/** Counts, for each projection, what may have changed what its readers see. In memory: a start begins at 0. */
export const changeCounter = () => {
  const counts = new Map<string, number>();
  return {
    changed: (projection: string): void => {
      counts.set(projection, (counts.get(projection) ?? 0) + 1);
    },
    of: (projections: readonly string[]): number => {
      let sum = 0;
      for (const projection of projections) sum += counts.get(projection) ?? 0;
      return sum;
    },
  };
};
export type ChangeCounter = ReturnType<typeof changeCounter>;
