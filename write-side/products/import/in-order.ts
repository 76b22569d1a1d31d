/**
 * Does the work of every item, at most `width` at once, and yields the results in the order of the items, each as soon as
 * it and those before it are done, also while the next item has not come yet. An item is taken when there is room for it, so
 * a reader who does not take results holds the source back. `work` never rejects. Ending it early ends the source.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const source = items[Symbol.asyncIterator]();
  const take = () => {
    const taken = source.next();
    taken.catch(() => undefined); // whoever awaits it is told; nobody does after an early end
    return taken;
  };
  const running: Promise<Result>[] = [];
  let ended = false;
  let next = take();
  try {
    for (;;) {
      const [oldest] = running;
      if (oldest === undefined && ended) return;
      const first =
        oldest === undefined
          ? 'item'
          : ended || running.length >= width
            ? 'result'
            : await Promise.race([oldest.then(() => 'result'), next.then(() => 'item')]);
      if (first === 'result' && oldest !== undefined) {
        yield await oldest;
        running.shift();
        continue;
      }
      const { done, value } = await next;
      if (done === true) ended = true;
      else {
        running.push(work(value));
        next = take();
      }
    }
  } finally {
    if (!ended) source.return?.().catch(() => undefined); // it may wait for a sender who is gone
  }
}
