import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Door, Reply, Sent } from '../local/test-door.ts';
import { administrator } from '../local/test-system.ts';

/** Halves what a start costs, which a kill test has many of; Node's own, and lost without harm. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url));
const main = fileURLToPath(new URL('../local/main.ts', import.meta.url));

export type Process = {
  readonly pid: number | undefined;
  /** Resolves with where it listens; rejects when it ended before. */
  readonly ready: Promise<string>;
  /** Exit code (null: killed) and all it said but the lines about single requests that went well. */
  readonly exited: Promise<{ readonly code: number | null; readonly said: string }>;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => void;
};

const isTalk = (line: string): boolean => line.includes('"level":30') && line.includes('"reqId"');

/** The entry of `npm start` on the Node that runs this, on a port of its own choice. `preload`: modules run before it. */
export const startProcess = (
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  preload: readonly string[] = [],
): Process => {
  const imports = preload.flatMap((url) => ['--import', url]);
  const child = spawn(process.execPath, [...imports, main], {
    env: {
      ...{ PATH: process.env.PATH, DATA_DIR: dataDir, NODE_COMPILE_CACHE: compileCache, PORT: '0', RATE_LIMIT: 'off' },
      ...{ PAYMENT_TIMEOUT_S: '3', SETTLEMENT_DELAY_S: '1' },
      ...{ ADMIN_EMAIL: administrator.email, ADMIN_PASSWORD: administrator.password },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  const hear = (line: string): void => {
    if (!isTalk(line)) said.push(line);
    if (line.includes('"msg":"ready"')) resolve(String(JSON.parse(line).address));
  };
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', hear);
  const exited = once(child, 'close').then(([code]) => {
    const all = said.join('\n');
    reject(new Error(`ended with ${code} before it was ready: ${all}`));
    return { code: typeof code === 'number' ? code : null, said: all };
  });
  ready.catch(() => undefined); // who starts it to see it fail does not wait for it
  return { pid: child.pid, ready, exited, kill: (signal) => child.kill(signal) };
};

/** The door of a process: real requests, real time. */
export const overTheWire = (address: string): Door => ({
  send: async ({ method, url, headers, payload }: Sent): Promise<Reply> => {
    const body = payload === undefined ? {} : { body: typeof payload === 'string' ? payload : new Uint8Array(payload) };
    const answer = await fetch(`${address}${url}`, { method, headers, ...body });
    return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
  },
  pause: () => sleep(25),
});
