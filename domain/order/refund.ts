import { domainError } from '../errors.ts';
import { sumOf } from '../money/money.ts';
import { allocate, roundHalfUpRatio } from '../money/split.ts';
import type { RefundLine } from './events.ts';
import { isLost, netOfLine, type PlacedOrder } from './state.ts';

/**
 * What to give back: named lines (each wholly, or `amount` minor units with tax of it), or an amount with tax spread
 * over what is left of the lines, or, with neither, all that is left.
 */
export type RefundRequest = {
  readonly lines?: readonly { readonly lineId: string; readonly amount?: number | undefined }[] | undefined;
  readonly amount?: number | undefined;
};

/** What of a line is neither given back nor on its way: amounts as in a `RefundLine`. */
export type LineLeft = RefundLine & {
  /** A refund that did not fail covers all of it; a free line is claimed once it was named. */
  readonly claimed: boolean;
};

/** What is left of every line, in their order. Refunds in progress count as gone; after a lost dispute nothing is left. */
export const leftOfLines = (order: PlacedOrder): readonly LineLeft[] => {
  const parts = order.refunds.filter((refund) => refund.state !== 'failed').flatMap((refund) => refund.lines);
  return order.lines.map((line) => {
    const own = parts.filter((part) => part.lineId === line.lineId);
    if (isLost(order)) return { lineId: line.lineId, amount: 0, net: 0, commission: 0, claimed: true };
    const amount = line.total - sumOf(own.map((part) => part.amount));
    return {
      lineId: line.lineId,
      amount,
      net: netOfLine(line) - sumOf(own.map((part) => part.net)),
      commission: line.commission - sumOf(own.map((part) => part.commission)),
      claimed: own.length > 0 && amount <= 0,
    };
  });
};

/** Refunds that did not fail cover the whole order. */
export const nothingLeft = (order: PlacedOrder): boolean => leftOfLines(order).every((line) => line.claimed);

/**
 * A part of a line by the ratio of what is left of it, which is the line's own ratio up to rounding: no part is ever
 * negative or above the amount, and the last one takes the exact remainder, also after others failed.
 */
const partOf = (left: LineLeft, amount: number): RefundLine => {
  const net = amount === left.amount ? left.net : roundHalfUpRatio(left.net, amount, left.amount);
  const commission = net === left.net ? left.commission : roundHalfUpRatio(left.commission, net, left.net);
  return { lineId: left.lineId, amount, net, commission };
};

const invalid = (path: string, message: string): never => {
  throw domainError('INVALID_INPUT', undefined, { errors: [{ path, message }] });
};
const positive = (amount: number, path: string): number =>
  Number.isSafeInteger(amount) && amount > 0 ? amount : invalid(path, 'must be a positive whole number of minor units');

const byLines = (left: readonly LineLeft[], wanted: NonNullable<RefundRequest['lines']>): RefundLine[] => {
  if (wanted.length === 0) invalid('lines', 'must name a line');
  return wanted.map(({ lineId, amount }, index) => {
    const line = left.find((candidate) => candidate.lineId === lineId);
    if (line === undefined) return invalid(`lines.${index}.lineId`, 'is not a line of the order');
    if (wanted.findIndex((other) => other.lineId === lineId) !== index) {
      return invalid(`lines.${index}.lineId`, 'is named twice');
    }
    if (line.claimed) throw domainError('REFUND_EXCEEDS');
    if (amount === undefined || (amount === 0 && line.amount === 0)) return partOf(line, line.amount);
    if (positive(amount, `lines.${index}.amount`) > line.amount) throw domainError('REFUND_EXCEEDS');
    return partOf(line, amount);
  });
};

const allThatIsLeft = (left: readonly LineLeft[]): RefundLine[] => {
  const open = left.filter((line) => !line.claimed);
  if (open.length === 0) throw domainError('REFUND_EXCEEDS');
  return open.map((line) => partOf(line, line.amount));
};

const byAmount = (left: readonly LineLeft[], amount: number): RefundLine[] => {
  const whole = sumOf(left.map((line) => line.amount));
  if (positive(amount, 'amount') > whole) throw domainError('REFUND_EXCEEDS');
  if (amount === whole) return allThatIsLeft(left);
  const shares = allocate(
    amount,
    left.map((line) => line.amount),
  );
  return left.map((line, index) => partOf(line, shares[index] ?? 0)).filter((part) => part.amount > 0);
};

/**
 * Splits a refund over the lines of the order.
 * @throws DomainError REFUND_EXCEEDS when more than is left is asked for, INVALID_INPUT when the request makes no sense
 */
export const refundPlan = (order: PlacedOrder, request: RefundRequest): RefundLine[] => {
  const left = leftOfLines(order);
  if (request.lines !== undefined && request.amount !== undefined) invalid('amount', 'goes without lines');
  if (request.lines !== undefined) return byLines(left, request.lines);
  if (request.amount !== undefined) return byAmount(left, request.amount);
  return allThatIsLeft(left);
};
