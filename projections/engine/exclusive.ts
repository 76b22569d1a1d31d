/** Runs pieces of work one after the other, in the order of the calls; one that throws does not stop the next. */
export const exclusive = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
};
