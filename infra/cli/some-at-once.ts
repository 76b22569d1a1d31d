/**
 * Works on all items, `width` of them at a time. Rejects with the first failure, once nothing is under way any more; what is
 * left then is not begun.
 */
export const someAtOnce = async <T>(items: Iterable<T>, work: (item: T) => Promise<void>, width = 8): Promise<void> => {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failures.length === 0; next = queue.next())
      await work(next.value).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
};
