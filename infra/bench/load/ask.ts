import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A child process that answers each message with one message, in order. */
export type Helper = {
  readonly child: ChildProcess;
  /** The next message of the child. Rejects when it ends before, or answers `{ error }`. */
  next<Answer>(): Promise<Answer>;
  /** Sends, and waits for the answer. */
  ask<Answer>(message: object): Promise<Answer>;
  close(): Promise<void>;
};

/** Starts the module at `url` as a process of its own. */
export const startHelper = (
  url: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Helper => {
  const child = fork(url, args, { env: { ...process.env, ...env }, execArgv: [] });
  const exited = once(child, 'exit');
  const next = async <Answer>(): Promise<Answer> => {
    const heard: unknown = await Promise.race([
      once(child, 'message').then(([message]) => message),
      exited.then(([code]) => ({ error: `${url.pathname} ended with ${code}` })),
    ]);
    if (typeof heard === 'object' && heard !== null && 'error' in heard) throw new Error(String(heard.error));
    return heard as Answer;
  };
  return {
    child,
    next,
    ask: (message) => {
      const answer = next<never>();
      child.send(message);
      return answer;
    },
    close: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
