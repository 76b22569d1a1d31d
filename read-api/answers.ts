import { z } from 'zod';
import type { Money } from '../domain/money/money.ts';

/** Money as it is answered: integer minor units, may be negative in a ledger. */
export const moneyAnswer = z.object({ amount: z.number().int(), currency: z.string() });

/** Makes money of minor units of one currency. */
export const moneyIn =
  (currency: string) =>
  (amount: number): Money => ({ amount, currency });

/** A page of a list. */
export const pageAnswer = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** RFC 3339, UTC, milliseconds. */
export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A time of a query, RFC 3339 with any offset, as milliseconds since the Unix epoch. */
export const timeQuery = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
