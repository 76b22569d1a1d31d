import { checkFailed } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const pauseMs = 250;

/** Looks until `probe` finds something. @throws CommandFailed after `deadlineMs`, with what was `seen` last */
export const until = async <T>(
  { clock, signal }: Pick<Terminal, 'clock' | 'signal'>,
  what: string,
  probe: (seen: (last: unknown) => void) => Promise<T | undefined | false>,
  deadlineMs = 60_000,
): Promise<T> => {
  const end = clock.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    const found = await probe((seen) => {
      last = seen;
    });
    if (found !== undefined && found !== false) return found;
    if (clock.now() >= end) {
      const said = last === undefined ? '' : `; last seen: ${JSON.stringify(last).slice(0, 400)}`;
      throw checkFailed(`did not come within ${deadlineMs / 1_000} s: ${what}${said}`);
    }
    await clock.sleep(pauseMs, signal);
    signal.throwIfAborted();
  }
};
