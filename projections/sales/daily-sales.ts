import type { Recorded } from '../../domain/event/recorded.ts';
import type { VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { projection } from '../definition.ts';

/** One vendor's business of one day (UTC) in one currency, minor units without tax. */
export type DailySalesDocument = {
  readonly vendorId: string;
  readonly currency: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Orders that were delivered, and what they brought before commission. */
  readonly orders: number;
  readonly sales: number;
  /** Given back that day, also of older orders: refunds and lost disputes. */
  readonly refunds: number;
  /** The vendor's own part of sales less refunds. */
  readonly earned: number;
};

type Posting = Recorded<Extract<VendorAccountEvent, { type: 'SaleRecorded' | 'RefundRecorded' | 'DisputeCharged' }>>;

const dayOf = ({ metadata }: Posting): string => metadata.occurredAt.slice(0, 10);
const bucket = (event: Posting): string => `${event.data.vendorId}:${event.data.currency}:${dayOf(event)}`;

const sumOf = ({ data }: Posting, account: 'clearing' | 'commission'): number =>
  data.entries.reduce((sum, entry) => (entry.account === account ? sum + entry.amount : sum), 0);

/** `clearing` is what came from outside (negative) or went there; what is neither it nor commission is the vendor's. */
const posted = (day: DailySalesDocument | undefined, event: Posting): DailySalesDocument => {
  const { vendorId, currency } = event.data;
  const before = day ?? { vendorId, currency, day: dayOf(event), orders: 0, sales: 0, refunds: 0, earned: 0 };
  const clearing = sumOf(event, 'clearing');
  const isSale = event.type === 'SaleRecorded';
  return {
    ...before,
    orders: before.orders + (isSale ? 1 : 0),
    sales: before.sales - (isSale ? clearing : 0),
    refunds: before.refunds + (isSale ? 0 : clearing),
    earned: before.earned - clearing - sumOf(event, 'commission'),
  };
};

/** Day buckets of what vendors sold; a window of time is cut from them when queried. */
export const dailySales = projection<DailySalesDocument>('dailySales', {
  version: 1,
  sink: 'documents',
  indexes: [['vendorId', 'currency', 'day']],
})
  .on('SaleRecorded', bucket, posted)
  .on('RefundRecorded', bucket, posted)
  .on('DisputeCharged', bucket, posted);
