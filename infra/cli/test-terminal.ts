import { setTimeout as breath } from 'node:timers/promises';
import { administrator, type TestSystem } from '../local/test-system.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { runCli } from './program.ts';
import type { Fetch } from './terminal.ts';

export type Run = {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Standard output of `--json`. */
  readonly json: () => Record<string, unknown>;
};
export type TestTerminal = { readonly run: (...argv: readonly string[]) => Promise<Run> };

const methodOf = (method: string): 'GET' | 'POST' | 'PUT' => {
  if (method === 'GET' || method === 'POST' || method === 'PUT') return method;
  throw new Error(`the command line sends no ${method}`);
};

/** Asks a system in this process. */
const injectedFetch =
  (system: TestSystem): Fetch =>
  async (request) => {
    const { pathname, search } = new URL(request.url);
    const payload = Buffer.from(await request.arrayBuffer());
    const reply = await system.app.inject({
      ...{
        method: methodOf(request.method),
        url: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
      },
      ...(payload.length === 0 ? {} : { payload }),
    });
    const headers = Object.entries(reply.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(reply.statusCode === 204 ? null : new Uint8Array(reply.rawPayload), {
      ...{ status: reply.statusCode, headers },
    });
  };

/**
 * Moves the system's time on until `work` has settled: 25 ms a millisecond, so that files that are written meanwhile, which
 * takes real time, are never overtaken by a deadline.
 */
export const pumped = async <T>({ clock }: TestSystem, work: Promise<T>): Promise<T> => {
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  while (!over) {
    await clock.advance(25);
    await breath(1);
  }
  return work;
};

export type TerminalOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Stands between the terminal and the system. */
  readonly wrap?: (fetch: Fetch) => Fetch;
  readonly signal?: AbortSignal;
};

export const asAdministrator = { AUTOPILOT_EMAIL: administrator.email, AUTOPILOT_PASSWORD: administrator.password };

/** A terminal at a system in this process, whose time moves while a command runs. Signed in as the administrator unless `env` says else. */
export const terminalAt = (system: TestSystem, options: TerminalOptions = {}): TestTerminal => {
  const { env = asAdministrator, wrap = (fetch: Fetch) => fetch, signal = new AbortController().signal } = options;
  let seed = 0;
  return {
    run: async (...argv) => {
      const said = { out: '', err: '' };
      const code = await pumped(
        system,
        runCli(argv, {
          ...{ env, fetch: wrap(injectedFetch(system)), clock: system.clock, signal, bar: undefined },
          random: seededRandom(++seed + system.clock.now(), system.clock),
          out: (text) => {
            said.out += text;
          },
          err: (text) => {
            said.err += text;
          },
        }),
      );
      return { code, ...said, json: () => JSON.parse(said.out) };
    },
  };
};
