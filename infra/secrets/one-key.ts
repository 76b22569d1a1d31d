import type { PersonKeys } from './port.ts';

const key = new Uint8Array(32);

/** Keys for tests in which nobody is erased: the same one for everybody. */
export const oneKey: PersonKeys = {
  obtain: async () => key,
  find: async (personIds) => new Map(personIds.map((id) => [id, key])),
  erase: async () => {},
  forget: () => {},
};
