import { Command, CommanderError } from 'commander';
import { auditCommand } from './audit-command.ts';
import { backupCommand } from './backup/backup-command.ts';
import { restoreCommand } from './backup/restore-command.ts';
import { defaultUrl, sessionOf } from './command.ts';
import { deadLettersCommand } from './dead-letters-command.ts';
import { CommandFailed, checkFailed, type ExitCode, exitCodes, usageError } from './exit-codes.ts';
import { importCommand } from './import-command.ts';
import { projectionsCommand } from './projections-command.ts';
import { rolesCommand } from './roles-command.ts';
import { sagasCommand } from './sagas-command.ts';
import { storyCommand } from './story/story-command.ts';
import type { Terminal } from './terminal.ts';
import { fileTrouble } from './unreadable.ts';

const help = `
Sign-in comes from the environment, so that no secret stands in a command line or a shell's history:
  AUTOPILOT_EMAIL, AUTOPILOT_PASSWORD   an account of the running system
  AUTOPILOT_API_KEY                     instead: a key made by POST /api-keys
An account does what its roles allow: see \`autopilot roles\`. The demo's accounts, with their password, are printed
when the server starts (admin@autopilot.example, operator@…, auditor@…).

Exit codes: 0 done; 1 refused, or a check did not hold; 2 usage; 3 no answer; 4 not signed in or not allowed;
            5 the server failed; 130 Ctrl-C.

Examples:
  npm run autopilot -- import products.jsonl --publish
  npm run autopilot -- story
  npm run autopilot -- roles ada@example.org --grant auditor,operator
  npm run autopilot -- projections rebuild catalogue
  npm run autopilot -- backup /var/backups/autopilot-monday --data-dir ./data
  npm run -s autopilot -- audit verify --json`;

const register = [
  ...[importCommand, storyCommand, rolesCommand, projectionsCommand, sagasCommand, deadLettersCommand],
  ...[auditCommand, backupCommand, restoreCommand],
];

const programOf = (terminal: Terminal, said: { result: boolean }): Command => {
  const program = new Command('autopilot')
    .description('Drives a running Autopilot from a terminal, and takes backups of its data folder.')
    .option('--url <address>', 'the server', terminal.env.AUTOPILOT_URL ?? defaultUrl)
    .option('--email <address>', 'who signs in (better: AUTOPILOT_EMAIL)')
    .option('--password <text>', 'with which password (better: AUTOPILOT_PASSWORD; others see a command line)')
    .option('--json', 'results as JSON on standard output, one line; progress and notes stay on standard error')
    .addHelpText('after', help)
    .configureHelp({ showGlobalOptions: true, helpWidth: 110 })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();
  for (const add of register) add(program, sessionOf(terminal, said));
  return program;
};

const tellJson = ({ out }: Terminal, { message, exitCode, code }: CommandFailed): void =>
  out(`${JSON.stringify({ error: { message, exitCode, code: code ?? null } })}\n`);

/** Runs one command line (without the program's own name) to its end. @returns the exit code; rejects for faults of our own only */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const said = { result: false };
  try {
    await programOf(terminal, said).parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (terminal.signal.aborted) return exitCodes.interrupted;
    // Where the result stands on standard output already, it says it all.
    const json = argv.includes('--json') && !said.result;
    // Commander has said it already.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      if (json) tellJson(terminal, usageError(error.message.replace(/^error: /, '')));
      return exitCodes.usage;
    }
    const trouble = fileTrouble(error);
    const failed = trouble === undefined ? error : checkFailed(trouble, 'FILE');
    if (!(failed instanceof CommandFailed)) throw error;
    terminal.err(`autopilot: ${failed.message}\n`);
    if (json) tellJson(terminal, failed);
    return failed.exitCode;
  }
};
