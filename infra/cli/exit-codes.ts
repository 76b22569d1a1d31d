/** What a script may rely on. Documented in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The server refused it, or a check did not hold. */
  failed: 1,
  usage: 2,
  /** Nobody answered, or the connection broke. */
  unreachable: 3,
  /** Not signed in, or not allowed to. */
  denied: 4,
  /** The server answered 5xx, or 429 for longer than anybody waits. */
  serverFailed: 5,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with one line for the person at the terminal. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;
  /** For `--json`; the stable code of a refusal, where there is one. */
  readonly code: string | undefined;
  constructor(exitCode: ExitCode, message: string, code?: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.code = code;
  }
}

export const usageError = (message: string): CommandFailed => new CommandFailed(exitCodes.usage, message, 'USAGE');
export const checkFailed = (message: string, code?: string): CommandFailed =>
  new CommandFailed(exitCodes.failed, message, code);
