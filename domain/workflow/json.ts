export type JsonRecord = { readonly [key: string]: unknown };

/** True for a JSON object (not null, not an array). */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object itself, or an empty one for anything else. */
export const recordOf = (value: unknown): JsonRecord => (isRecord(value) ? value : {});

/** The array itself, or an empty one for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The string itself, or undefined for anything else. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A string somewhere inside a value: its path, the key it stands under, and the object or list that holds it. */
export type FoundString = {
  readonly path: string;
  readonly key: string;
  readonly parent: JsonRecord | readonly unknown[];
  readonly text: string;
};

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const extended = (path: string, key: string | number): string => {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!IDENTIFIER.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

/** Paths longer than this are cut: a value nested very deeply must not cost its depth squared. */
const LONGEST_PATH = 2_000;

/**
 * Every string inside `value`, in document order. Keeps its own stack, so depth costs memory and never overflows.
 * `path` is written like `headerParameters.parameters[0].value`, relative to `value`.
 */
export function* stringsIn(value: unknown, root = ''): Generator<FoundString> {
  const pending: { value: unknown; path: string; key: string; parent: JsonRecord | readonly unknown[] }[] = [
    { value, path: root, key: '', parent: [] },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, key, parent } = next;
    const at = next.value;
    if (typeof at === 'string') yield { path, key, parent, text: at };
    if (typeof at !== 'object' || at === null) continue;
    const step = (k: string | number) => (path.length > LONGEST_PATH ? path : extended(path, k));
    if (Array.isArray(at)) {
      for (let i = at.length - 1; i >= 0; i -= 1) pending.push({ value: at[i], path: step(i), key, parent: at });
    } else {
      const record = recordOf(at);
      for (const k of Object.keys(record).reverse())
        pending.push({ value: record[k], path: step(k), key: k, parent: record });
    }
  }
}
