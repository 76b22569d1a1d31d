import { people } from '../../projections/people/people.ts';
import type { ReadModelFiles } from '../documents/sqlite/open-read-models.ts';

export const readModelNames = { file: 'read-models.sqlite', personal: 'read-models-people.sqlite' } as const;

/** Where a data folder keeps its read models; `path` of a name in it. */
export const readModelFiles = (path: (name: string) => string) =>
  ({
    file: path(readModelNames.file),
    personal: { file: path(readModelNames.personal), projections: [people.name] },
  }) satisfies ReadModelFiles;
