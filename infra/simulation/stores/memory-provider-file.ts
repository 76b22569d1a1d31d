import type {
  ChargeRecord,
  DisputeRecord,
  DueDelivery,
  OwedDelivery,
  PayoutRecord,
  ProviderFile,
  RefundRecord,
} from '../../payments/simulated/provider-file.ts';

type Owed = OwedDelivery & { readonly seq: number; readonly attempts: number };

export type MemoryProviderFile = ProviderFile & {
  /** What the provider believes, and how many webhooks it still owes. */
  read(): {
    readonly charges: readonly ChargeRecord[];
    readonly refunds: readonly RefundRecord[];
    readonly payouts: readonly PayoutRecord[];
    readonly disputes: readonly DisputeRecord[];
    readonly webhooksOwed: number;
  };
};

/** The simulated provider's own database, in memory. */
export const memoryProviderFile = (): MemoryProviderFile => {
  /** By kind and id, as the real file has them: JSON. */
  let records = new Map<string, string>();
  let due = new Map<string, number>();
  let settings = new Map<string, string>();
  let outbox = new Map<number, Owed>();
  let seq = 0;

  const find = (kind: string, id: string) => {
    const record = records.get(`${kind} ${id}`);
    return record === undefined ? undefined : JSON.parse(record);
  };
  const all = (kind: string) =>
    [...records].filter(([key]) => key.startsWith(`${kind} `)).map(([, record]) => JSON.parse(record));

  return {
    atomically: (work) => {
      const before = {
        records: new Map(records),
        due: new Map(due),
        settings: new Map(settings),
        outbox: new Map(outbox),
      };
      try {
        return work();
      } catch (error) {
        ({ records, due, settings, outbox } = before);
        throw error;
      }
    },
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
    owe: (delivery) => {
      seq += 1;
      outbox.set(seq, { ...delivery, seq, attempts: 0 });
    },
    dueDeliveries: (now, limit) =>
      [...outbox.values()]
        .filter(({ dueAt }) => dueAt <= now)
        .sort((a, b) => a.rank - b.rank || a.seq - b.seq)
        .slice(0, limit)
        .map(({ seq: number, subject, body, attempts }): DueDelivery => ({ seq: number, subject, body, attempts })),
    delivered: (number) => {
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
    read: () => ({
      charges: all('charge'),
      refunds: all('refund'),
      payouts: all('payout'),
      disputes: all('dispute'),
      webhooksOwed: outbox.size,
    }),
  };
};
