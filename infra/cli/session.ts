import type { Role } from '../../domain/account/events.ts';
import { apiClient, type Client, notAutopilot, refusalOf } from './client.ts';
import { usageError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** How a person or program proves who it is. */
export type SignIn =
  | { readonly by: 'password'; readonly email: string; readonly password: string }
  | { readonly by: 'apiKey'; readonly apiKey: string };

/** Sign in again when less than this is left of a token. */
const marginMs = 60_000;

/** Says it once where many requests wait for the same thing. */
const noteWait = ({ clock, err }: Terminal) => {
  let until = 0;
  return (seconds: number, why: string): void => {
    const end = clock.now() + seconds * 1_000;
    if (end > until + 1_000) err(`waiting ${seconds} s for ${why}\n`);
    until = Math.max(until, end);
  };
};

/** A client that is nobody. */
export const anonymous = (terminal: Terminal, url: string): Client =>
  apiClient({ url, fetch: terminal.fetch, clock: terminal.clock, signal: terminal.signal, onWait: noteWait(terminal) });

/** A client that signs in when it is first used, and again before its token ends, so that it works for hours. */
export const signedIn = (terminal: Terminal, url: string, signIn: SignIn, needs?: Role): Client => {
  const { clock, fetch, signal } = terminal;
  const nobody = anonymous(terminal, url);
  let token: { readonly bearer: string; readonly until: number } | undefined;
  let signing: Promise<string> | undefined;

  const login = async (email: string, password: string): Promise<string> => {
    const began = clock.now();
    const { status, body } = await nobody.call('POST', '/auth/login', { email, password });
    const { accessToken: bearer } = body;
    // There is a sign-in at the address of every Autopilot.
    if (status === 404 || (status < 300 && typeof bearer !== 'string')) throw notAutopilot(url);
    if (typeof bearer !== 'string') throw refusalOf('sign-in', { status, body });
    token = { bearer, until: began + Number(body.expiresIn) * 1_000 - marginMs };
    return bearer;
  };
  const bearerOf = async (email: string, password: string, renew: boolean): Promise<string> => {
    if (token !== undefined && !renew && clock.now() < token.until) return token.bearer;
    signing ??= login(email, password).finally(() => {
      signing = undefined;
    });
    return signing;
  };
  return apiClient({
    ...{ url, fetch, clock, signal, needs, onWait: noteWait(terminal) },
    credentials: async (renew) =>
      signIn.by === 'apiKey'
        ? { 'x-api-key': signIn.apiKey }
        : { authorization: `Bearer ${await bearerOf(signIn.email, signIn.password, renew)}` },
  });
};

export type SignInFlags = { readonly email?: string | undefined; readonly password?: string | undefined };

/** From flags, else from the environment under `prefix`; undefined when neither says anything. @throws CommandFailed when half is there */
export const signInFrom = (flags: SignInFlags, env: Terminal['env'], prefix = 'AUTOPILOT'): SignIn | undefined => {
  const email = flags.email ?? env[`${prefix}_EMAIL`];
  const password = flags.password ?? env[`${prefix}_PASSWORD`];
  const apiKey = env[`${prefix}_API_KEY`];
  if (email !== undefined && password !== undefined) return { by: 'password', email, password };
  if (email !== undefined || password !== undefined)
    throw usageError(
      `${email === undefined ? 'an e-mail' : 'a password'} is missing: set ${prefix}_EMAIL and ${prefix}_PASSWORD`,
    );
  return apiKey === undefined || apiKey === '' ? undefined : { by: 'apiKey', apiKey };
};
