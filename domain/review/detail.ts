import { ERASED } from '../event/definition.ts';

/** How much is said: 0 nothing (that is still known), 1 a few words, 2 some sentences, 3 a whole report. */
export const detailOf = (body: string | undefined): number => {
  if (body === undefined || body === ERASED) return 0;
  return body.length < 80 ? 1 : body.length < 400 ? 2 : 3;
};
