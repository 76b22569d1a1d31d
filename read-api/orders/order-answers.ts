import type { Clock } from '../../infra/clock/port.ts';
import { licenses } from '../../projections/licenses/licenses.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { orders } from '../../projections/orders/orders.ts';
import { people } from '../../projections/people/people.ts';
import { timeText } from '../answers.ts';
import type { ReadModels } from '../read-models.ts';
import { type OrderAnswer, orderOf, type SeenOrder } from './order-answer.ts';

/** What answering orders reads. */
export const orderReads: readonly string[] = [orders.name, licenses.name, people.name];

/** What the buyers wrote, by refund request id; an erased buyer's words are gone. */
const reasonsOf = async (models: ReadModels, whole: readonly OrderDocument[]): Promise<ReadonlyMap<string, string>> => {
  const buyers = whole.flatMap((order) => (order.refundRequests.length > 0 ? [order.customerId] : []));
  const persons = await models.getMany(people, buyers);
  return new Map([...persons.values()].flatMap(({ refundReasons }) => Object.entries(refundReasons ?? {})));
};

/** Answers orders with what is joined to them. `shown` may be `whole` cut to the reader. */
export const orderAnswers =
  (models: ReadModels, clock: Clock) =>
  async (shown: readonly SeenOrder[], whole: readonly OrderDocument[]): Promise<OrderAnswer[]> => {
    const ids = shown.flatMap((order) => order.licenses.map(({ licenseId }) => licenseId));
    const [issued, reasons] = await Promise.all([models.getMany(licenses, ids), reasonsOf(models, whole)]);
    const now = timeText(clock.now());
    return shown.map((order) => orderOf(order, { licenses: issued, reasons }, now));
  };
