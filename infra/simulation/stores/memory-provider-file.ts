import type {
  ChargeRecord,
  DisputeRecord,
  DueDelivery,
  OwedDelivery,
  PayoutRecord,
  ProviderFile,
  RefundRecord,
} from '../../payments/simulated/provider-file.ts';

type Records = {
  readonly charge: Map<string, ChargeRecord>;
  readonly refund: Map<string, RefundRecord>;
  readonly payout: Map<string, PayoutRecord>;
  readonly dispute: Map<string, DisputeRecord>;
};
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
  let records: Records = { charge: new Map(), refund: new Map(), payout: new Map(), dispute: new Map() };
  let due = new Map<string, number>();
  let settings = new Map<string, string>();
  let outbox = new Map<number, Owed>();
  let seq = 0;

  const put = <R>(table: Map<string, R>, id: string, record: R): void => {
    table.set(id, record);
  };

  const tables = {
    charge: (): Map<string, ChargeRecord> => records.charge,
    refund: (): Map<string, RefundRecord> => records.refund,
    payout: (): Map<string, PayoutRecord> => records.payout,
    dispute: (): Map<string, DisputeRecord> => records.dispute,
  };

  return {
    atomically: (work) => {
      const before = {
        records: {
          charge: new Map(records.charge),
          refund: new Map(records.refund),
          payout: new Map(records.payout),
          dispute: new Map(records.dispute),
        },
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
    find: (kind, id) => tables[kind]().get(id),
    save: (kind, id, record, dueAt) => {
      put(tables[kind](), id, record);
      if (dueAt === undefined) due.delete(id);
      else due.set(id, dueAt);
    },
    duePayouts: (now) =>
      [...due]
        .filter(([, at]) => at <= now)
        .sort(([a, at], [b, bt]) => (at !== bt ? at - bt : a < b ? -1 : 1))
        .flatMap(([id]) => records.payout.get(id) ?? []),
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
      charges: [...records.charge.values()],
      refunds: [...records.refund.values()],
      payouts: [...records.payout.values()],
      disputes: [...records.dispute.values()],
      webhooksOwed: outbox.size,
    }),
  };
};
