import type { Command } from 'commander';
import type { Role } from '../../domain/account/events.ts';
import type { Client } from './client.ts';
import { CommandFailed, exitCodes, usageError } from './exit-codes.ts';
import { anonymous, type SignIn, signedIn, signInFrom } from './session.ts';
import type { Terminal } from './terminal.ts';

export type GlobalFlags = {
  readonly url: string;
  readonly email?: string;
  readonly password?: string;
  readonly json?: boolean;
};

/** What a command works with. */
export type Session = {
  readonly terminal: Terminal;
  readonly url: string;
  readonly json: boolean;
  /** Prints a result: as one line of JSON with `--json`, else as `text`. */
  readonly result: (value: unknown, text: string) => void;
  /** Somebody who is signed in; `needs`: the role that the command takes. @throws CommandFailed when nothing says who */
  readonly client: (needs?: Role) => Client;
  readonly as: (signIn: SignIn) => Client;
  readonly nobody: () => Client;
};

/** Registers a command on the program. */
export type Register = (program: Command, session: (command: Command) => Session) => void;

export const defaultUrl = 'http://127.0.0.1:4000';

/** `said.result`: something stands on standard output already. */
export const sessionOf =
  (terminal: Terminal, said: { result: boolean }) =>
  (command: Command): Session => {
    const { url, email, password, json = false } = command.optsWithGlobals<GlobalFlags>();
    const signIn = () => {
      const found = signInFrom({ email, password }, terminal.env);
      if (found !== undefined) return found;
      const message = 'nobody is signed in: set AUTOPILOT_EMAIL and AUTOPILOT_PASSWORD, or AUTOPILOT_API_KEY';
      throw new CommandFailed(exitCodes.denied, message, 'UNAUTHENTICATED');
    };
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw usageError(`--url ${url} is not an address such as ${defaultUrl}`);
    return {
      ...{ terminal, url, json },
      result: (value, text) => {
        said.result = true;
        terminal.out(json ? `${JSON.stringify(value)}\n` : text);
      },
      client: (needs) => signedIn(terminal, url, signIn(), needs),
      as: (other) => signedIn(terminal, url, other),
      nobody: () => anonymous(terminal, url),
    };
  };

/** Columns as wide as what is in them. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return [head, ...rows].map(line).join('');
};
