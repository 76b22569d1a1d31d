import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Door, Reply, Sent } from './test-door.ts';
import { administrator } from './test-system.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

export type Process = {
  readonly pid: number | undefined;
  /** Resolves with where it listens; rejects when it ended before. */
  readonly ready: Promise<string>;
  /** Exit code (null: killed) and all it said. */
  readonly exited: Promise<{ readonly code: number | null; readonly said: string }>;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => void;
};

/** The real process, on a port of its own choice. */
export const startProcess = (dataDir: string, env: Readonly<Record<string, string>> = {}): Process => {
  const child = spawn(process.execPath, [main], {
    env: {
      ...{ PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT: 'off' },
      ...{ PAYMENT_TIMEOUT_S: '3', SETTLEMENT_DELAY_S: '1' },
      ...{ ADMIN_EMAIL: administrator.email, ADMIN_PASSWORD: administrator.password },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    const line = said.split('\n').find((each) => each.includes('"msg":"ready"'));
    if (line !== undefined) resolve(String(JSON.parse(line).address));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exited = once(child, 'close').then(([code]) => {
    reject(new Error(`ended with ${code} before it was ready: ${said}`));
    return { code: typeof code === 'number' ? code : null, said };
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

export type Acknowledged = { readonly request: Sent; readonly reply: Reply };

/**
 * Remembers what was acknowledged under each Idempotency-Key: the same key again has to be answered with the same bytes.
 * `onAnswer` hears of every keyed answer, with how many there were at this door.
 */
export const remembering = (door: Door, memory: Map<string, Acknowledged>, onAnswer: (count: number) => void): Door => {
  let count = 0;
  return {
    ...door,
    send: async (request) => {
      const reply = await door.send(request);
      const key = request.headers['idempotency-key'];
      if (key === undefined || reply.status >= 300) return reply;
      const before = memory.get(key);
      if (before === undefined) memory.set(key, { request, reply });
      else if (
        before.reply.text !== reply.text ||
        before.reply.status !== reply.status ||
        reply.headers['idempotent-replayed'] !== 'true'
      )
        throw new Error(
          `${key} was answered ${before.reply.text}, and again ${reply.text} ${JSON.stringify(reply.headers)}`,
        );
      onAnswer(++count);
      return reply;
    },
  };
};
