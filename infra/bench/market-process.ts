import { startProcess } from '../kill/process.ts';
import { benchEnv, buyerEmail, buyerPassword, buyers } from './seed/market.ts';

export type MarketProcess = {
  readonly port: number;
  /** The answer's text. @throws Error for anything but 2xx */
  get(url: string): Promise<string>;
  /** Processor seconds that it has used since its start. */
  cpuSeconds(): Promise<number>;
  /** Access tokens of the buyers. */
  signIn(): Promise<readonly string[]>;
  stop(): Promise<void>;
};

/** The real process on a data folder, with settings that differ from the usual ones. */
export const startMarket = async (dir: string, env: Readonly<Record<string, string>> = {}): Promise<MarketProcess> => {
  const { ready, kill, exited } = startProcess(dir, { ...benchEnv, ...env });
  const address = await ready;
  const get = async (url: string): Promise<string> => {
    const answer = await fetch(`${address}${url}`);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GET ${url} answered ${answer.status} ${text}`);
    return text;
  };
  return {
    port: Number(new URL(address).port),
    get,
    cpuSeconds: async () => Number(/^process_cpu_seconds_total (\S+)$/m.exec(await get('/metrics'))?.[1]),
    signIn: () => signInBuyers(address),
    stop: async () => {
      kill('SIGTERM');
      const { code, said } = await exited;
      if (code !== 0) throw new Error(`the system ended with ${code}: ${said}`);
    },
  };
};

export const signInBuyers = async (address: string): Promise<readonly string[]> => {
  const tokens: string[] = [];
  for (let n = 0; n < buyers; n += 1) {
    const answer = await fetch(`${address}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: buyerEmail(n), password: buyerPassword }),
    });
    const { accessToken }: { readonly accessToken?: unknown } = JSON.parse(await answer.text());
    if (typeof accessToken !== 'string') throw new Error(`buyer ${n} could not sign in: ${answer.status}`);
    tokens.push(accessToken);
  }
  return tokens;
};
