import type { Clock } from '../clock/port.ts';
import type { Random } from '../random/port.ts';

/** Takes a request to its server. @throws whatever the transport throws when nobody answers */
export type Fetch = (request: Request) => Promise<Response>;

/** Everything a command touches but files: a test answers all of it. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Standard output: results only. */
  readonly out: (text: string) => void;
  /** Standard error: progress, notes, errors. */
  readonly err: (text: string) => void;
  /** Where a bar may be drawn; undefined: standard error is no terminal. */
  readonly bar: NodeJS.WritableStream | undefined;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
};
