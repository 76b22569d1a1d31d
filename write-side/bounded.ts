/** What a process remembers of what it could read again: it never holds more than `limit` entries, the oldest go first. */
export const boundedMap = <Value>(limit: number) => {
  const entries = new Map<string, Value>();
  return {
    get: (key: string): Value | undefined => entries.get(key),
    /** An entry that is set anew is as old as it was. */
    set: (key: string, value: Value): void => {
      entries.set(key, value);
      const oldest = entries.keys().next();
      if (entries.size > limit && !oldest.done) entries.delete(oldest.value);
    },
    delete: (key: string): boolean => entries.delete(key),
    clear: (): void => entries.clear(),
  };
};
