import { type Provider, providerBook } from '../../kill/world.ts';
import type { DueDelivery, OwedDelivery, ProviderFile } from '../../payments/simulated/provider-file.ts';
import type { Draw } from '../world/draw.ts';

type Owed = OwedDelivery & { readonly seq: number; readonly attempts: number };

export type MemoryProviderFile = ProviderFile & {
  /** What the provider believes, and how many webhooks it still owes. */
  read(): Provider;
  webhooksOwed(): number;
  /**
   * Owes once more, out of order, `perMille` of a thousand webhooks that were told already: half of them are the same message, half another
   * one that says the same, as real providers make at times.
   */
  oweAgain(perMille: number, draw: Draw): void;
  /** Another one that knows the same, and goes its own way from here. */
  copy(): MemoryProviderFile;
};

type Contents = {
  /** By kind and id, as the real file has them: JSON. */
  readonly records: ReadonlyMap<string, string>;
  readonly due: ReadonlyMap<string, number>;
  readonly settings: ReadonlyMap<string, string>;
  readonly outbox: ReadonlyMap<number, Owed>;
  readonly seq: number;
};
const nothing: Contents = { records: new Map(), due: new Map(), settings: new Map(), outbox: new Map(), seq: 0 };

/** The simulated provider's own database, in memory. */
export const memoryProviderFile = (before: Contents = nothing): MemoryProviderFile => {
  let records = new Map(before.records);
  let due = new Map(before.due);
  let settings = new Map(before.settings);
  let outbox = new Map(before.outbox);
  let seq = before.seq;
  /** Delivered since the file was opened. */
  const told: Owed[] = [];

  const find = (kind: string, id: string) => {
    const record = records.get(`${kind} ${id}`);
    return record === undefined ? undefined : JSON.parse(record);
  };
  const all = (kind: string) =>
    [...records].filter(([key]) => key.startsWith(`${kind} `)).map(([, record]) => JSON.parse(record));

  const atomically: ProviderFile['atomically'] = (work) => {
    const undo = {
      records: new Map(records),
      due: new Map(due),
      settings: new Map(settings),
      outbox: new Map(outbox),
    };
    try {
      return work();
    } catch (error) {
      ({ records, due, settings, outbox } = undo);
      throw error;
    }
  };

  const owe = (delivery: OwedDelivery): void => {
    seq += 1;
    outbox.set(seq, { ...delivery, seq, attempts: 0 });
  };

  return {
    atomically,
    together: async (work) => atomically(work),
    find,
    save: (kind, id, record, dueAt) => {
      records.set(`${kind} ${id}`, JSON.stringify(record));
      if (dueAt === undefined) due.delete(id);
      else due.set(id, dueAt);
    },
    duePayouts: (now) =>
      [...due]
        .filter(([, at]) => at <= now)
        .sort(([a, at], [b, bt]) => (at !== bt ? at - bt : a < b ? -1 : 1))
        .flatMap(([id]) => find('payout', id) ?? []),
    readSetting: (key) => settings.get(key),
    writeSetting: (key, value) => {
      settings.set(key, value);
    },
    owe,
    dueDeliveries: (now, limit) =>
      [...outbox.values()]
        .filter(({ dueAt }) => dueAt <= now)
        .sort((a, b) => a.rank - b.rank || a.seq - b.seq)
        .slice(0, limit)
        .map(({ seq: number, subject, body, attempts }): DueDelivery => ({ seq: number, subject, body, attempts })),
    delivered: (number) => {
      const owed = outbox.get(number);
      if (owed !== undefined) told.push(owed);
      outbox.delete(number);
    },
    retry: (number, retryAt) => {
      const owed = outbox.get(number);
      if (owed !== undefined) outbox.set(number, { ...owed, dueAt: retryAt, attempts: owed.attempts + 1 });
    },
    nextDue: () => {
      let next: number | undefined;
      for (const { dueAt } of outbox.values()) if (next === undefined || dueAt < next) next = dueAt;
      for (const at of due.values()) if (next === undefined || at < next) next = at;
      return next;
    },
    close: () => {},
    webhooksOwed: () => outbox.size,
    oweAgain: (perMille, draw) => {
      for (const same of told.filter(() => draw.chance(perMille))) {
        const eventId = draw.chance(500) ? same.eventId : `${same.eventId}_again`;
        const body = same.body.replace(same.eventId, eventId);
        owe({ ...same, eventId, body, rank: draw.fraction() });
      }
    },
    copy: () => memoryProviderFile({ records, due, settings, outbox, seq }),
    read: () =>
      providerBook({
        charges: all('charge'),
        refunds: all('refund'),
        payouts: all('payout'),
        disputes: all('dispute'),
        webhooksOwed: outbox.size,
      }),
  };
};
