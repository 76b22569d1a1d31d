import { z } from 'zod';

const flag = z.enum(['on', 'off']);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const laterEngine = z
  .never({ error: 'is not supported by this release, which runs embedded only; unset it' })
  .optional();

/** Every setting: default and meaning stand here once; `--help` prints them. */
const settings = {
  HOST: z.string().default('127.0.0.1').describe('address the gateway listens on'),
  PORT: whole(0, 65_535).default(4000).describe('port the gateway listens on; 0 picks a free one'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('everything embedded lives here; deleting it is a factory reset'),
  ADMIN_EMAIL: z.email().optional().describe('first administrator, made while there is no account'),
  ADMIN_PASSWORD: z.string().min(12).max(200).optional().describe('password of the first administrator'),
  DEMO: flag
    .optional()
    .describe('fills an empty system with a demo market; default on where ADMIN_EMAIL is not set and HOST is loopback'),
  EVENTSTORE_URL: laterEngine.describe('EventStoreDB instead of SQLite (not yet)'),
  MONGODB_URL: laterEngine.describe('MongoDB instead of SQLite (not yet)'),
  ELASTICSEARCH_URL: laterEngine.describe('Elasticsearch instead of FTS5 (not yet)'),
  REDIS_URL: laterEngine.describe('Redis instead of this process (not yet)'),
  S3_URL: laterEngine.describe('S3-compatible store instead of a folder (not yet)'),
  STRIPE_SECRET_KEY: laterEngine.describe('Stripe instead of the simulated provider (not yet)'),
  SMTP_URL: laterEngine.describe('SMTP (not yet)'),
  CLAMAV_URL: laterEngine.describe('ClamAV instead of the built-in rules (not yet)'),
  PAYMENT_TIMEOUT_S: whole(1, 86_400).default(900).describe('seconds after which an unconfirmed payment is given up'),
  SETTLEMENT_DELAY_S: whole(0, 31_536_000).default(1_209_600).describe('seconds until a sale is available for payout'),
  PRODUCT_APPROVAL: z
    .enum(['required', 'off'])
    .default('required')
    .describe('whether an administrator approves products'),
  COMMISSION_BPS: whole(0, 10_000).default(1000).describe("the market's share of a sale, hundredths of a percent"),
  RATE_LIMIT: flag.default('on').describe('rate limits (off for load tests)'),
  CACHE_MB: whole(1, 65_536)
    .default(48)
    .describe('memory for documents that were read last; 200,000 products with their pages fill some 1,400'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('log level'),
  MASTER_KEY: z
    .string()
    .optional()
    .describe('32 bytes, hex or base64; wraps all other keys; made and kept in DATA_DIR when absent'),
  PUBLIC_URL: z.url().optional().describe('base of links that leave the system; default: relative links'),
};
const schema = z.object(settings);

export type Config = Omit<z.infer<typeof schema>, 'DEMO'> & { readonly DEMO: 'on' | 'off' };

/** True where only this machine can reach what listens on `host`. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** The configuration of a start was not valid; `problems` names every one. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`invalid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the settings from environment variables; an empty one is an absent one. @throws InvalidConfig */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(Object.keys(settings).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = schema.safeParse(given);
  const together = 'ADMIN_EMAIL' in given === 'ADMIN_PASSWORD' in given;
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...(together ? [] : ['ADMIN_EMAIL, ADMIN_PASSWORD: one does not come without the other']),
    ...(given.DEMO === 'on' && 'ADMIN_EMAIL' in given
      ? ['DEMO, ADMIN_EMAIL: the demo brings an administrator of its own; unset one of them']
      : []),
  ];
  if (!parsed.success || problems.length > 0) throw new InvalidConfig(problems);
  const { DEMO = parsed.data.ADMIN_EMAIL === undefined && isLoopback(parsed.data.HOST) ? 'on' : 'off' } = parsed.data;
  return { ...parsed.data, DEMO };
};

/** The text of `--help`. */
export const configHelp = (): string => {
  const lines = Object.entries(settings).map(([name, setting]) => `  ${name.padEnd(20)} ${setting.description ?? ''}`);
  return ['Autopilot. Settings are environment variables, all optional:', '', ...lines, ''].join('\n');
};
