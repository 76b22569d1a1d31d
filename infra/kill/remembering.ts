import type { Door, Reply, Sent } from '../local/test-door.ts';

export type Acknowledged = {
  readonly request: Sent;
  readonly reply: Reply;
  /** What it was answered when it was decided again: it had no effect, and so nothing was recorded under its key. */
  readonly decidedAgain: Reply[];
};

/**
 * Remembers what was acknowledged under each Idempotency-Key: the same key again has to be answered with the same bytes, or to have
 * had no effect, which only the log can tell (`witness.ts`). `onAnswer` hears of every keyed answer, with how many there were at this door.
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
      if (before === undefined) memory.set(key, { request, reply, decidedAgain: [] });
      else if (reply.headers['idempotent-replayed'] !== 'true') before.decidedAgain.push(reply);
      else if (before.reply.text !== reply.text || before.reply.status !== reply.status)
        throw new Error(
          `${key} was answered ${before.reply.text}, and again ${reply.text} ${JSON.stringify(reply.headers)}`,
        );
      onAnswer(++count);
      return reply;
    },
  };
};
