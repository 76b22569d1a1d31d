import type { LicenseToFollow, Step, VendorPart } from '../../domain/checkout/steps.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { DomainError } from '../../domain/errors.ts';
import { type LicenseCommand, licenseDecider } from '../../domain/license/license.ts';
import type { OrderCommand } from '../../domain/order/commands.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { OrderLine } from '../../domain/order/events.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import type { PostingCommand, VendorBooks } from '../books/vendor-books.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Cause } from '../handling/stream-cache.ts';
import { compensationIdOf, licenseIdOf, paymentIdOf, saleIdOf } from './ids.ts';

const DAY_MS = 86_400_000;

type Deps = {
  readonly handling: Handling;
  readonly books: VendorBooks;
  /** Hash of the key of a licence, which is derived from its id. */
  readonly keyHashOf: (licenseId: string) => string;
  readonly paymentTimeoutMs: number;
  readonly settlementDelayMs: number;
};

type StepNamed<Type extends Step['type']> = Extract<Step, { type: Type }>;

const later = (from: string, ms: number): string => new Date(Date.parse(from) + ms).toISOString();

/** The steps that need no one outside: other streams first, under ids made from the order, then the order itself. */
export const stepsAtHome = ({ handling, books, keyHashOf, paymentTimeoutMs, settlementDelayMs }: Deps) => {
  const order = (orderId: string, command: OrderCommand, cause: Cause, step: string) =>
    handling.handle(orderDecider, orderId, command, becauseOf(cause, step));

  const license = (licenseId: string, command: LicenseCommand, cause: Cause) =>
    handling.handle(licenseDecider, licenseId, command, becauseOf(cause, `${command.type}:${licenseId}`));

  const account = (vendorId: string, command: PostingCommand, cause: Cause) =>
    books.handle(vendorId, command, becauseOf(cause, `${command.type}:${vendorId}`));

  const licenseOf = (orderId: string, toFollow: LicenseToFollow): string =>
    toFollow.licenseId ?? licenseIdOf(orderId, toFollow.lineId);

  /** A licence that was never issued needs nothing taken from it. */
  const followIfIssued = async (licenseId: string, command: LicenseCommand, cause: Cause): Promise<void> => {
    const { exists } = await handling.load(licenseDecider, licenseId);
    if (exists) await license(licenseId, command, cause);
  };

  const issue = (orderId: string, ownerId: string, line: OrderLine, cause: Cause) => {
    const licenseId = licenseIdOf(orderId, line.lineId);
    const expires =
      line.validDays === undefined ? {} : { expiresAt: later(cause.metadata.occurredAt, line.validDays * DAY_MS) };
    const command: LicenseCommand = {
      type: 'IssueLicense',
      licenseId,
      keyHash: keyHashOf(licenseId),
      orderId,
      lineId: line.lineId,
      productId: line.productId,
      vendorId: line.vendorId,
      ownerId,
      title: line.title,
      tierId: line.tierId,
      activationLimit: line.activationLimit,
      ...expires,
    };
    return license(licenseId, command, cause);
  };

  const compensate = (orderId: string, attempt: number, reason: string, cause: Cause) =>
    order(
      orderId,
      {
        type: 'RequestRefund',
        refundId: compensationIdOf(orderId, attempt),
        request: {},
        reason,
        requestedBy: 'system',
        compensation: true,
      },
      cause,
      `compensate:${attempt}`,
    );

  return {
    command: (
      orderId: string,
      { type, command }: StepNamed<'payFree' | 'reflectPayment' | 'reflectRefund' | 'reflectDispute'>,
      cause: Cause,
    ) => order(orderId, command, cause, `${type}:${command.type}`),

    requestPayment: (orderId: string, cause: Cause) => {
      const dueBy = later(cause.metadata.occurredAt, paymentTimeoutMs);
      return order(
        orderId,
        { type: 'RequestPayment', paymentId: paymentIdOf(orderId), dueBy },
        cause,
        'requestPayment',
      );
    },

    issueLicenses: async (
      orderId: string,
      { customerId, lines }: StepNamed<'issueLicenses'>,
      cause: Cause,
    ): Promise<void> => {
      try {
        await Promise.all(lines.map((line) => issue(orderId, customerId, line, cause)));
      } catch (error) {
        if (!(error instanceof DomainError) || error.status >= 500) throw error;
        await compensate(orderId, 1, `licence refused: ${error.code}`, cause);
        return;
      }
      const licenses = lines.map(({ lineId }) => ({ lineId, licenseId: licenseIdOf(orderId, lineId) }));
      try {
        await order(orderId, { type: 'FulfilOrder', licenses }, cause, 'fulfil');
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'ORDER_STATE') throw error;
        const revoke: LicenseCommand = { type: 'RevokeLicense', reason: 'order_not_delivered' };
        await Promise.all(licenses.map(({ licenseId }) => license(licenseId, revoke, cause)));
      }
    },

    settleHolds: async (
      orderId: string,
      step: StepNamed<'confirmHolds' | 'releaseHolds'>,
      cause: Cause,
    ): Promise<void> => {
      const confirmed = step.type === 'confirmHolds';
      const { couponCode: code, stockHolds } = step;
      const reason = 'order_cancelled';
      const coupon =
        code === undefined
          ? []
          : [
              handling.handle(
                couponDecider,
                code,
                confirmed ? { type: 'ConfirmCoupon', code, orderId } : { type: 'ReleaseCoupon', code, orderId, reason },
                becauseOf(cause, `${step.type}:coupon`),
              ),
            ];
      const stocks = stockHolds.map((productId) =>
        handling.handle(
          stockDecider,
          productId,
          confirmed
            ? { type: 'ConfirmStock', productId, orderId }
            : { type: 'ReleaseStock', productId, orderId, reason },
          becauseOf(cause, `${step.type}:${productId}`),
        ),
      );
      await Promise.all([...coupon, ...stocks]);
      await order(orderId, { type: 'SettleHolds', outcome: confirmed ? 'confirmed' : 'released' }, cause, step.type);
    },

    settleVendors: async (
      orderId: string,
      { currency, vendors }: StepNamed<'settleVendors'>,
      cause: Cause,
    ): Promise<void> => {
      const maturesAt = later(cause.metadata.occurredAt, settlementDelayMs);
      await Promise.all(
        vendors.map(({ vendorId, lines }: VendorPart) =>
          account(
            vendorId,
            {
              type: 'RecordSale',
              saleId: saleIdOf(orderId, vendorId),
              orderId,
              causeId: cause.id,
              vendorId,
              currency,
              lines,
              maturesAt,
            },
            cause,
          ),
        ),
      );
      await order(orderId, { type: 'SettleOrder' }, cause, 'settle');
    },

    requestCompensation: (orderId: string, { attempt }: StepNamed<'requestCompensation'>, cause: Cause) =>
      compensate(orderId, attempt, 'not_deliverable', cause),

    settleRefund: async (orderId: string, step: StepNamed<'settleRefund'>, cause: Cause): Promise<void> => {
      const { refundId, licensesToRevoke, vendors } = step;
      const revoke: LicenseCommand = { type: 'RevokeLicense', reason: `refund ${refundId}` };
      await Promise.all([
        ...licensesToRevoke.map((toFollow) => followIfIssued(licenseOf(orderId, toFollow), revoke, cause)),
        ...vendors.map(({ vendorId, lines }) =>
          account(
            vendorId,
            { type: 'RecordRefund', refundId, saleId: saleIdOf(orderId, vendorId), orderId, causeId: cause.id, lines },
            cause,
          ),
        ),
      ]);
      await order(orderId, { type: 'SettleRefund', refundId }, cause, `settleRefund:${refundId}`);
    },

    settleDispute: async (orderId: string, step: StepNamed<'settleDispute'>, cause: Cause): Promise<void> => {
      const { disputeId, stage, licenses, vendorIds } = step;
      const follow = { opened: 'SuspendLicense', won: 'RestoreLicense', lost: 'RevokeLicense' } as const;
      const post = { opened: 'ReserveDispute', won: 'ReleaseDispute', lost: 'ChargeDispute' } as const;
      const reason = `dispute ${disputeId} ${stage}`;
      await Promise.all([
        ...licenses.map((toFollow) =>
          followIfIssued(licenseOf(orderId, toFollow), { type: follow[stage], reason }, cause),
        ),
        ...vendorIds.map((vendorId) =>
          account(
            vendorId,
            { type: post[stage], disputeId, saleId: saleIdOf(orderId, vendorId), orderId, causeId: cause.id },
            cause,
          ),
        ),
      ]);
      await order(orderId, { type: 'SettleDispute', disputeId, stage }, cause, `settleDispute:${disputeId}:${stage}`);
    },
  };
};
