import type { Documents } from '../../infra/documents/port.ts';
import type { Desk } from './reactor.ts';

const textIn = (document: { readonly [field: string]: unknown }, field: string): string => {
  const value = document[field];
  if (typeof value !== 'string') throw new Error(`a desk document without ${field}`);
  return value;
};

/** The desk as the read model `desk` shows it. */
export const deskDocuments = (documents: Documents): Desk => ({
  get: async (id) => {
    const document = await documents.get('desk', id);
    return document === undefined || document.since === null
      ? undefined
      : { process: textIn(document, 'process'), key: textIn(document, 'key') };
  },
  due: async (now, limit) => {
    const found = await documents.find('desk', {
      where: { dueAt: { lte: new Date(now).toISOString() } },
      order: [{ field: 'dueAt', direction: 'asc' }],
      limit,
    });
    return found.map(({ document }) => ({ process: textIn(document, 'process'), key: textIn(document, 'key') }));
  },
});
