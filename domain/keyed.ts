/** Entries share their leaf until there are more; then the leaf becomes a branch. */
const leafSize = 8;
/** A branch takes four bits of the hash; below the last four, a leaf grows without limit. */
const [bits, lastShift] = [4, 28];

type Node<Value> =
  | { readonly entries: readonly (readonly [key: string, value: Value])[] }
  | { readonly branches: readonly Node<Value>[] };

/**
 * An immutable map by string, as plain data: a change shares all of it but a short path, so a state of n things is
 * folded in n × log n steps where a copied `Map` takes n². Iterates in an order that depends on nothing but the changes.
 */
export type Keyed<Value> = Node<Value>;

export const nothingKeyed: Keyed<never> = { entries: [] };

/** FNV-1a. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash;
};

const branchAt = (hash: number, shift: number): number => (hash >>> shift) & (2 ** bits - 1);

/** The value of `key`; undefined when it has none. */
export const valueAt = <Value>(keyed: Keyed<Value>, key: string): Value | undefined => {
  const hash = hashOf(key);
  let node: Node<Value> | undefined = keyed;
  for (let shift = 0; node !== undefined && 'branches' in node; shift += bits)
    node = node.branches[branchAt(hash, shift)];
  return node?.entries.find(([known]) => known === key)?.[1];
};

const put = <Value>(node: Node<Value>, hash: number, shift: number, entry: readonly [string, Value]): Node<Value> => {
  if ('branches' in node)
    return {
      branches: node.branches.map((branch, index) =>
        index === branchAt(hash, shift) ? put(branch, hash, shift + bits, entry) : branch,
      ),
    };
  const at = node.entries.findIndex(([known]) => known === entry[0]);
  if (at >= 0) return { entries: node.entries.with(at, entry) };
  if (node.entries.length < leafSize || shift > lastShift) return { entries: [...node.entries, entry] };
  let split: Node<Value> = { branches: Array.from({ length: 2 ** bits }, () => nothingKeyed) };
  for (const one of [...node.entries, entry]) split = put(split, hashOf(one[0]), shift, one);
  return split;
};

/** The map with `value` at `key`, in place of what was there. */
export const withValue = <Value>(keyed: Keyed<Value>, key: string, value: Value): Keyed<Value> =>
  put(keyed, hashOf(key), 0, [key, value]);

/** All values, each once. */
export function* valuesIn<Value>(keyed: Keyed<Value>): Generator<Value> {
  if ('entries' in keyed) for (const [, value] of keyed.entries) yield value;
  else for (const branch of keyed.branches) yield* valuesIn(branch);
}
