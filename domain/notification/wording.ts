import { decimalsOf } from '../money/currency.ts';
import { unreachable } from '../unreachable.ts';
import type { NotificationFacts, NotificationKind } from './events.ts';

/** `19.99 USD` of 1999; empty without an amount. */
const moneyText = ({ amount, currency }: NotificationFacts): string => {
  if (amount === undefined || currency === undefined) return '';
  const decimals = decimalsOf(currency) ?? 0;
  const digits = Math.abs(amount)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return ` ${amount < 0 ? '-' : ''}${whole} ${currency}`;
};

const cancelled: Readonly<Record<string, string>> = {
  declined: 'the payment was declined',
  payment_timeout: 'it was not paid in time',
  cancelled_by_buyer: 'you cancelled it',
};

const sentence = (kind: NotificationKind, facts: NotificationFacts): string => {
  const of = facts.title === undefined ? '' : ` of “${facts.title}”`;
  const why = facts.reason === undefined ? '' : `: ${facts.reason}`;
  const money = moneyText(facts);
  switch (kind) {
    case 'orderFulfilled':
      return `Your order${of} is ready: licences and downloads are in your account`;
    case 'orderCancelled':
      return `Your order${of} was cancelled: ${cancelled[facts.reason ?? ''] ?? facts.reason ?? 'no reason given'}`;
    case 'orderRefunded':
      return `You get${money} back for your order${of}`;
    case 'orderDisputed':
      return `The payment of your order${of} is disputed; its licences rest until it is settled`;
    case 'orderDisputeWon':
      return `The dispute about your order${of} was settled for the vendor`;
    case 'orderDisputeLost':
      return `The dispute about your order${of} was settled for you; its licences have ended`;
    case 'licenseSuspended':
      return `Your licence${of} is suspended`;
    case 'licenseRestored':
      return `Your licence${of} is active again`;
    case 'licenseRevoked':
      return `Your licence${of} was revoked`;
    case 'sale':
      return `You made a sale: your part is${money}`;
    case 'saleRefunded':
      return `A sale was refunded: your part of it was${money}`;
    case 'saleDisputed':
      return 'A sale is disputed; your part of it is reserved until it is settled';
    case 'saleDisputeWon':
      return 'A dispute was settled for you; your part is released';
    case 'saleDisputeLost':
      return 'A dispute was lost; your part of the sale was debited';
    case 'payoutPaid':
      return `Your payout${money === '' ? '' : ` of${money}`} was paid`;
    case 'payoutFailed':
      return `Your payout${money === '' ? '' : ` of${money}`} failed${why}`;
    case 'payoutReturned':
      return `Your payout${money === '' ? '' : ` of${money}`} came back${why}`;
    case 'productPublished':
      return `“${facts.title ?? 'Your product'}” is on sale`;
    case 'productRejected':
      return `“${facts.title ?? 'Your product'}” was rejected${why}`;
    case 'reviewReceived':
      return `A new review${of} gives ${facts.stars} of 5 stars`;
    default:
      return unreachable(kind);
  }
};

/** What a notification says, one sentence in English. */
export const wordingOf = (kind: NotificationKind, facts: NotificationFacts): string =>
  `${sentence(kind, facts).replace(/[.!?]$/, '')}.`;

const subjects: Partial<Readonly<Record<NotificationKind, string>>> = {
  orderFulfilled: 'Your order is ready',
  orderCancelled: 'Your order was cancelled',
  orderRefunded: 'Your order was refunded',
  saleDisputed: 'A sale is disputed',
  payoutFailed: 'Your payout failed',
  payoutReturned: 'Your payout came back',
  productRejected: 'Your product was rejected',
};

/** The subject of its mail. */
export const subjectOf = (kind: NotificationKind): string => subjects[kind] ?? 'News from the marketplace';
