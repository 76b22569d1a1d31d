import { idFrom } from '../../write-side/handling/ids.ts';
import type { Door, Sent } from '../local/test-door.ts';
import { signedIn, tokenOf } from '../local/test-market.ts';
import type { Recorded } from './errands/errand.ts';
import { Broken, same } from './expecting.ts';
import { headAt } from './quiet.ts';
import type { Acknowledged } from './remembering.ts';

export const auditor = 'auditor';

type Line = Recorded & {
  readonly id: string;
  readonly type: string;
  readonly metadata: { readonly commandId: string };
};

/** Somebody who has read the log and remembers every line of it. */
export type Witness = {
  /** Reads on from where it stopped. @throws Broken when a stream has a gap, or an event is there twice */
  readOn(door: Door): Promise<void>;
  /** Reads all of it again. @throws Broken when anything changed that was read before */
  readAgain(door: Door): Promise<void>;
  /** @throws Broken when the log does not have it there */
  hold(recorded: Recorded, about: string): void;
  /** @throws Broken when the log has an event that the command has caused, which was decided a second time */
  holdWithoutEffect(command: Acknowledged): void;
  /** Ids of all streams of a category. */
  idsOf(category: string): readonly string[];
  /** How many lines. */
  readonly size: () => number;
};

const textOf = ({ stream, revision, id, type }: Line): string => `${stream}@${revision} ${id} ${type}`;

/** As the gateway makes it of account and key (RULES.md, HTTP 1). */
const commandIdOf = ({ headers }: Sent, key: string): string => {
  const claims = headers.authorization?.split('.')[1];
  const account = claims === undefined ? 'anyone' : JSON.parse(Buffer.from(claims, 'base64url').toString()).sub;
  return idFrom('idempotency', String(account), key);
};

/** All events from `from` on, once the index of the log is at `upTo`. */
const audited = async (door: Door, from: bigint, upTo: bigint): Promise<readonly Line[]> => {
  const headers = {
    ...{ accept: 'application/x-ndjson', authorization: `Bearer ${await tokenOf(door, auditor)}` },
    'x-min-position': `${upTo}`,
  };
  const { status, text } = await door.send({ method: 'GET', url: `/api/v1/audit/events?minPosition=${from}`, headers });
  same(status, 200, `GET /audit/events: ${text.slice(0, 200)}`);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line));
};

/** Of the log of the process that runs on `dir`. */
export const witness = (dir: string): Witness => {
  const known = new Map<string, string>();
  const revisions = new Map<string, bigint>();
  const ids = new Set<string>();
  const commands = new Set<string>();
  let next = 0n;

  const learn = (line: Line): void => {
    const { stream, revision, position, id } = line;
    if (ids.has(id)) throw new Broken(`event ${id} is in the log twice`);
    same(BigInt(revision), (revisions.get(stream) ?? -1n) + 1n, `revision of ${stream}`);
    ids.add(id);
    commands.add(line.metadata.commandId);
    revisions.set(stream, BigInt(revision));
    known.set(position, textOf(line));
    next = BigInt(position) + 1n;
  };

  const hold = ({ stream, revision, position }: Recorded, about: string): void => {
    const there = known.get(position);
    if (there?.startsWith(`${stream}@${revision} `) !== true)
      throw new Broken(
        `${about} was acknowledged as ${stream}@${revision} at ${position}; the log has ${there ?? 'nothing'} there`,
      );
  };

  return {
    hold,
    size: () => known.size,
    idsOf: (category) =>
      [...revisions.keys()]
        .filter((stream) => stream.startsWith(`${category}-`))
        .map((stream) => stream.slice(category.length + 1)),
    readOn: async (door) => {
      for (const line of await audited(door, next, headAt(dir))) learn(line);
    },
    readAgain: async (door) => {
      let seen = 0;
      for (const line of await audited(door, 0n, headAt(dir))) {
        if (BigInt(line.position) >= next) learn(line);
        else same(textOf(line), known.get(line.position), `what the log has at ${line.position}`);
        seen += 1;
      }
      same(seen, known.size, 'events in the log');
    },
    holdWithoutEffect: ({ request, reply, decidedAgain }) => {
      const key = request.headers['idempotency-key'] ?? '';
      if (decidedAgain.length > 0 && commands.has(commandIdOf(request, key)))
        throw new Broken(`${key} was answered ${reply.text}, and was decided again: ${decidedAgain[0]?.text}`);
      for (const { text } of decidedAgain) hold(JSON.parse(text), `${key}, sent again,`);
    },
  };
};

/** The chain of the log is whole. @throws Broken */
export const verified = async (door: Door): Promise<void> => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await signedIn(door, auditor)}` };
  const reply = await door.send({ method: 'POST', url: '/api/v1/audit/verify', headers, payload: '{}' });
  same(reply.status, 200, `POST /audit/verify: ${reply.text}`);
  if (JSON.parse(reply.text).ok !== true) throw new Broken(`POST /audit/verify: ${reply.text}`);
};
