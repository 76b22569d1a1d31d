import type { Mutation } from './mutations.ts';

/** The text with the one change. @throws Error where its place is not there exactly once */
export const mutate = (text: string, { find, put }: Pick<Mutation, 'find' | 'put'>): string => {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`stands ${parts.length - 1} times in the file: ${find}`);
  return parts.join(put);
};
