import type { Register } from '../command.ts';
import { checkFailed } from '../exit-codes.ts';
import { type Progress, startProgress } from '../progress.ts';
import { takeBackup } from './take-backup.ts';

type Options = { readonly dataDir?: string; readonly readModels: boolean };

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** `backup <folder>`: copies a data folder while its system runs. */
export const backupCommand: Register = (program, sessionOf) => {
  program
    .command('backup')
    .description(
      'copy a data folder as it is at one moment, while its system runs; needs no sign-in, but access to the files',
    )
    .argument('<folder>', 'new folder for the backup')
    .option('--data-dir <folder>', 'of the system (default: DATA_DIR, else ./data)')
    .option('--no-read-models', 'leave the read models out: smaller, and a restored system builds them from the log')
    .addHelpText(
      'after',
      `
A backup holds the keys that open personal data: guard it like the data folder. Where MASTER_KEY is configured it is not
in the backup; keep it elsewhere. Keep copies of erasures.ndjson apart from backups, and restore with the newest one.

Example:
  npm run autopilot -- backup /var/backups/autopilot-monday --data-dir ./data`,
    )
    .action(async (target: string, options: Options, command) => {
      const { terminal, result } = sessionOf(command);
      const dataFolder = options.dataDir ?? terminal.env.DATA_DIR ?? './data';
      const began = terminal.clock.now();
      let progress: Progress | undefined;
      let what = '';
      try {
        const manifest = await takeBackup({
          ...{ dataFolder, target, readModels: options.readModels, clock: terminal.clock, signal: terminal.signal },
          onProgress: (part, done, total) => {
            if (part !== what) {
              progress?.end();
              progress = startProgress(terminal, part, total);
              what = part;
            }
            progress?.at(done);
          },
        });
        progress?.end();
        const { takenAt, head, files, missing } = manifest;
        const size = files.reduce((sum, file) => sum + file.size, 0);
        const seconds = (terminal.clock.now() - began) / 1_000;
        result(
          { folder: target, takenAt, head, files: files.length, bytes: size, missing, seconds },
          `backup of ${takenAt} in ${target}: log up to position ${head ?? '–'}, ${files.length} files, ${megabytes(size)}, ${seconds.toFixed(1)} s\n`,
        );
        if (missing.length > 0)
          throw checkFailed(
            `the data folder lacks ${missing.length} files that events name, first ${missing[0]}`,
            'FILES_MISSING',
          );
      } finally {
        progress?.end();
      }
    });
};
