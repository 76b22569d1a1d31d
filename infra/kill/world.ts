import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { type Decider, fold } from '../../domain/decider.ts';
import { licenseDecider } from '../../domain/license/license.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced, type PlacedOrder } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { categoryOf, type EventStore, type StoredEvent } from '../event-store/port.ts';
import type { ChargeRecord, DisputeRecord, PayoutRecord, RefundRecord } from '../payments/simulated/provider-file.ts';

const decoder = new TextDecoder();
export const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** A stored event as its decider knows it; personal fields stay sealed. */
export const eventOf = <E>({ type, data }: StoredEvent): E =>
  JSON.parse(`{"type":${JSON.stringify(type)},"data":${decoder.decode(data)}}`);

/** The whole log by stream. */
export const streamsOf = async (store: EventStore): Promise<ReadonlyMap<string, readonly StoredEvent[]>> => {
  const all: StoredEvent[] = [];
  for await (const batch of store.readAll()) all.push(...batch);
  return Map.groupBy(all, ({ stream }) => stream);
};
type Streams = ReadonlyMap<string, readonly StoredEvent[]>;

const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
const foldAll = <C, S, E extends DomainEvent>(streams: Streams, decider: Decider<C, S, E>): ReadonlyMap<string, S> =>
  new Map(
    [...streams]
      .filter(([stream]) => categoryOf(stream) === decider.category)
      .map(([stream, events]) => [
        idIn(stream),
        fold(
          decider,
          events.map((event) => eventOf<E>(event)),
        ),
      ]),
  );

type ProviderRecords = {
  readonly charges: readonly ChargeRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly payouts: readonly PayoutRecord[];
  readonly disputes: readonly DisputeRecord[];
  readonly webhooksOwed: number;
};

/** What a provider believes: charges, refunds and disputes by order. */
export const providerBook = ({ charges, refunds, disputes, ...rest }: ProviderRecords) => ({
  charges: Map.groupBy(charges, ({ paymentId }) => paymentId),
  refunds: Map.groupBy(refunds, ({ paymentId }) => paymentId),
  disputes: Map.groupBy(disputes, ({ paymentId }) => paymentId),
  ...rest,
});
export type Provider = ReturnType<typeof providerBook>;

/** What the simulated provider of a data folder believes, and how many webhooks it still owes. */
export const providerOf = (dir: string): Provider => {
  const file = new DatabaseSync(join(dir, 'simulated-provider.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const records = <T>(kind: string): readonly T[] =>
      file
        .prepare('SELECT record FROM records WHERE kind = ?')
        .all(kind)
        .map(({ record }) => JSON.parse(String(record)));
    return providerBook({
      charges: records<ChargeRecord>('charge'),
      refunds: records<RefundRecord>('refund'),
      payouts: records<PayoutRecord>('payout'),
      disputes: records<DisputeRecord>('dispute'),
      webhooksOwed: Number(file.prepare('SELECT count(*) AS owed FROM outbox').get()?.owed),
    });
  } finally {
    file.close();
  }
};
export type World = ReturnType<typeof worldOf>;
/** Everything that the log says, folded. `accounts` by vendor and period of its books (`<vendor>.<month>`). */
export const worldOf = (streams: Streams) => {
  const licenses = foldAll(streams, licenseDecider);
  const issued = [...licenses.values()].filter((license) => license.status !== 'none');
  return {
    streams,
    orders: new Map(
      [...foldAll(streams, orderDecider)].filter((entry): entry is [string, PlacedOrder] => isPlaced(entry[1])),
    ),
    payments: foldAll(streams, paymentDecider),
    licenses,
    /** By order. */
    licenseOf: Map.groupBy(issued, ({ orderId }) => orderId),
    coupons: foldAll(streams, couponDecider),
    stocks: foldAll(streams, stockDecider),
    accounts: foldAll(streams, vendorAccountDecider),
    payouts: foldAll(streams, vendorPayoutDecider),
  };
};
