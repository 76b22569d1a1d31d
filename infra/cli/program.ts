import { Command, CommanderError } from 'commander';
import { auditCommand } from './audit-command.ts';
import { backupCommand } from './backup/backup-command.ts';
import { restoreCommand } from './backup/restore-command.ts';
import { defaultUrl, sessionOf } from './command.ts';
import { deadLettersCommand } from './dead-letters-command.ts';
import { CommandFailed, type ExitCode, exitCodes } from './exit-codes.ts';
import { importCommand } from './import-command.ts';
import { projectionsCommand } from './projections-command.ts';
import { sagasCommand } from './sagas-command.ts';
import { storyCommand } from './story/story-command.ts';
import type { Terminal } from './terminal.ts';

const help = `
Sign-in comes from the environment, so that no secret stands in a command line or a shell's history:
  AUTOPILOT_EMAIL, AUTOPILOT_PASSWORD   an account of the running system
  AUTOPILOT_API_KEY                     instead: a key made by POST /api-keys

Exit codes: 0 done; 1 refused, or a check did not hold; 2 usage; 3 no answer; 4 not signed in or not allowed;
            5 the server failed; 130 Ctrl-C.

Examples:
  npm run autopilot -- import products.jsonl --publish
  npm run autopilot -- story
  npm run autopilot -- projections rebuild catalogue
  npm run autopilot -- backup /var/backups/autopilot-monday --data-dir ./data
  npm run -s autopilot -- audit verify --json`;

const register = [
  ...[importCommand, storyCommand, projectionsCommand, sagasCommand, deadLettersCommand],
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

/** One line for people; with `--json` one object on standard output, unless the result stands there, which says it all. */
const tell = (terminal: Terminal, json: boolean, { message, exitCode, code }: CommandFailed): ExitCode => {
  terminal.err(`autopilot: ${message}\n`);
  if (json) terminal.out(`${JSON.stringify({ error: { message, exitCode, code: code ?? null } })}\n`);
  return exitCode;
};

/** Runs one command line (without the program's own name) to its end. @returns the exit code; rejects for faults of our own only */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const said = { result: false };
  try {
    await programOf(terminal, said).parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (terminal.signal.aborted) return exitCodes.interrupted;
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof CommandFailed) return tell(terminal, argv.includes('--json') && !said.result, error);
    throw error;
  }
};
