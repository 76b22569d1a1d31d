/** Wakes those that wait for the next commit; holds nothing for those that don't wait. */
export type Wake = {
  /** Resolves at the next `all()` or when the signal aborts, whichever is first. */
  next(signal: AbortSignal): Promise<void>;
  all(): void;
  /** How many wait now. */
  waiting(): number;
};

export const wake = (): Wake => {
  const waiters = new Set<() => void>();
  return {
    next: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          waiters.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiters.add(done);
        signal.addEventListener('abort', done);
      }),
    all: () => {
      for (const done of [...waiters]) done();
    },
    waiting: () => waiters.size,
  };
};
