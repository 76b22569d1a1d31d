import type { Register } from '../command.ts';
import { startProgress } from '../progress.ts';
import { restoreBackup } from './restore-backup.ts';

/** `restore <backup> <data folder>`: makes a data folder of a backup. */
export const restoreCommand: Register = (program, sessionOf) => {
  program
    .command('restore')
    .description('make a data folder of a backup: every file is checked, nothing is overwritten')
    .argument('<backup>', 'folder that `backup` made')
    .argument('<data folder>', 'new or empty; start the system with DATA_DIR set to it')
    .option('--erasures <file>', 'the newest erasures.ndjson: whoever was erased since the backup is erased again')
    .addHelpText(
      'after',
      `
Example:
  npm run autopilot -- restore /var/backups/autopilot-monday ./data-restored --erasures ./data/erasures.ndjson
  DATA_DIR=./data-restored npm start`,
    )
    .action(async (backup: string, dataFolder: string, { erasures }: { readonly erasures?: string }, command) => {
      const { terminal, result } = sessionOf(command);
      const progress = startProgress(terminal, 'restore', 1);
      try {
        const restored = await restoreBackup({
          ...{ backup, dataFolder, erasures, signal: terminal.signal },
          onProgress: (done, total) => {
            progress.total(total);
            progress.at(done);
          },
        });
        progress.end();
        const { takenAt, head, files, missing } = restored.manifest;
        const again = restored.erasures === 0 ? '' : `, ${restored.erasures} persons will be erased again`;
        const without =
          erasures === undefined
            ? 'No --erasures was given: put the newest erasures.ndjson in place before the start.\n'
            : '';
        result(
          { dataFolder, takenAt, head, files: files.length, erasures: restored.erasures, missing },
          `restored ${dataFolder} to ${takenAt}: log up to position ${head ?? '–'}, ${files.length} files intact${again}\n${without}Start it: DATA_DIR=${dataFolder} npm start\n`,
        );
      } finally {
        progress.end();
      }
    });
};
