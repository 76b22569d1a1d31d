import { decimalsOf } from './currency.ts';

/** Minor units as people write them, exact: `-19.99` of -1999 USD, `500` of 500 JPY. An unknown currency has no decimals. */
export const written = (amount: number, currency: string): string => {
  const decimals = decimalsOf(currency) ?? 0;
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${amount < 0 ? '-' : ''}${whole}${part}`;
};
