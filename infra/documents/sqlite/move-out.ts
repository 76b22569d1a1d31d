import { documentTable } from './document-tables.ts';
import type { GenerationRegister } from './generations.ts';
import { historyTable } from './history-tables.ts';
import type { ReadModelFile } from './read-model-file.ts';

type Store = { readonly file: ReadModelFile; readonly generations: GenerationRegister };

/** `user_version` of a file that still has the bytes of what was taken out. */
const toRewrite = 1;

/**
 * Takes projections out of `from`, where versions before 22 November 2026 kept them, with their bytes: they are built anew in `to`. Their
 * numbers go on there. Costs a copy of `from`, once; a crash in between is made good at the next start.
 */
export const moveOut = (projections: readonly string[], from: Store, to: Store): void => {
  const left = projections.flatMap((projection) => from.generations.list(projection));
  if (left.length > 0) {
    to.file.atomically(() => {
      for (const { projection, generation, version, bornAt } of left)
        if (to.generations.find({ projection, generation }) === undefined)
          to.generations.add({ projection, generation, version, bornAt, kind: 'documents', state: 'dropped' });
    });
    from.file.atomically(() => {
      for (const ref of left) {
        const { key } = from.generations.locate(ref);
        from.file.exec(`DROP TABLE IF EXISTS ${documentTable(key)}; DROP TABLE IF EXISTS ${historyTable(key)}`);
      }
      for (const projection of projections) {
        from.file.prepare('DELETE FROM dead_letters WHERE projection = ?').run(projection);
        from.file.prepare('DELETE FROM generations WHERE projection = ?').run(projection);
      }
      from.file.exec(`PRAGMA user_version = ${toRewrite}`);
    });
    from.generations.forget();
  }
  if (Number(from.file.prepare('PRAGMA user_version').get()?.user_version) !== toRewrite) return;
  from.file.rewrite();
  from.file.exec('PRAGMA user_version = 0');
};
