import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { Door, Reply, Sent } from '../local/test-door.ts';
import { Broken } from './expecting.ts';
import { overTheWire } from './process.ts';
import type { Town } from './town.ts';

/** How long a process that runs may leave a request without an answer. */
const triesOfTheLiving = 200;
const loginPath = '/api/v1/auth/login';

const bearerOf = ({ headers }: Sent): string | undefined => headers.authorization?.slice('Bearer '.length);

/** Whether an access token has ended: routes that are open to anyone answer it as they answer strangers, without a 401. */
const hasEnded = (token: string | undefined, nowMs: number): boolean => {
  const ends = token === undefined ? undefined : decodeJwt(token).exp;
  return ends !== undefined && ends * 1_000 <= nowMs;
};

/** Remembers who signed in, so that an access token that ended is replaced by a newer one of the same person. */
const signIns = (send: (request: Sent) => Promise<Reply>) => {
  const loginOf = new Map<string, Sent>();
  const newest = new Map<string, Promise<string | undefined>>();
  const keyOf = ({ payload }: Sent): string => String(payload);

  const tokenFrom = (reply: Reply): string | undefined =>
    reply.status === 200 ? String(JSON.parse(reply.text).accessToken) : undefined;
  const learn = (login: Sent, reply: Reply): void => {
    const token = tokenFrom(reply);
    if (token === undefined) return;
    loginOf.set(token, login);
    newest.set(keyOf(login), Promise.resolve(token));
  };
  const again = async (login: Sent): Promise<string | undefined> => {
    const reply = await send(login);
    const token = tokenFrom(reply);
    if (token !== undefined) loginOf.set(token, login);
    return token;
  };

  return {
    learn,
    /** The request with the newest token of its sender. */
    current: async (request: Sent): Promise<Sent> => {
      const login = loginOf.get(bearerOf(request) ?? '');
      const token = login && (await newest.get(keyOf(login)));
      return token === undefined
        ? request
        : { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
    },
    /** Signs its sender in again; false when that is refused. */
    renew: async (request: Sent): Promise<boolean> => {
      const used = bearerOf(request) ?? '';
      const login = loginOf.get(used);
      if (login === undefined) return false;
      const key = keyOf(login);
      if ((await newest.get(key)) === used) newest.set(key, again(login));
      return (await newest.get(key)) !== undefined;
    },
  };
};

/**
 * A client that wants an answer: whoever is not answered (the process was killed, or drains) asks again, with the same
 * bytes and the same Idempotency-Key, as long as it takes. `on` hears of each answer, how long it took, and of each request that was lost.
 * Sending throws Broken on an answer of 500 and above (503 is asked again), and when a living process does not answer.
 */
export const stubbornDoor = (town: Town, on: { answered(request: Sent, ms: number): void; lost(): void }): Door => {
  const deliver = async (request: Sent): Promise<Reply> => {
    for (let failures = 0; ; failures += 1) {
      if (failures > triesOfTheLiving) throw new Broken(`${request.method} ${request.url} is not answered`);
      const address = await town.address();
      try {
        const began = performance.now();
        const reply = await overTheWire(address).send(request);
        on.answered(request, performance.now() - began);
        if (reply.status < 500) return reply;
        if (reply.status !== 503)
          throw new Broken(`${request.method} ${request.url} answered ${reply.status} ${reply.text}`);
      } catch (error) {
        if (error instanceof Broken) throw error;
        on.lost();
        if (address !== (await town.address())) failures = 0;
      }
      await sleep(50);
    }
  };
  const people = signIns(deliver);
  return {
    pause: () => sleep(200),
    send: async (request) => {
      if (request.url === loginPath) {
        const reply = await deliver(request);
        people.learn(request, reply);
        return reply;
      }
      const newest = await people.current(request);
      const renewed = hasEnded(bearerOf(newest), town.now()) && (await people.renew(newest));
      const sent = renewed ? await people.current(newest) : newest;
      const reply = await deliver(sent);
      if (reply.status !== 401 || !(await people.renew(sent))) return reply;
      return deliver(await people.current(sent));
    },
  };
};

/** Sends some commands twice at once, which has to make one command with one answer. `chance` of 0 to 1 says how many. */
export const twinning = (door: Door, chance: () => boolean): Door => ({
  ...door,
  send: async (request) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined || !chance()) return door.send(request);
    const [one, other] = await Promise.all([door.send(request), door.send(request)]);
    // A refusal is decided again: only two acceptances have to agree.
    if (one.status < 300 && other.status < 300 && one.text !== other.text)
      throw new Broken(`twins of ${key} were answered ${one.text} and ${other.text}`);
    return one.status < 300 ? one : other;
  },
});
