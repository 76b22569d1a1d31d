const categories: Readonly<Record<string, string>> = {
  checkout: 'order',
  payout: 'vendorPayout',
  publication: 'product',
  couponHold: 'coupon',
  stockHold: 'stock',
  maturity: 'vendorAccount',
  payoutRequest: 'vendorAccount',
};

/**
 * The stream from which follows what a process owes: of its key (`<id>` or `<id>:<part>`). A process without an entry here is
 * named like the category of its stream.
 */
export const sagaStream = (process: string, key: string): string =>
  `${categories[process] ?? process}-${key.split(':', 1)[0]}`;
