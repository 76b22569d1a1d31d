import { z } from 'zod';

/** Fields that many events share. Amounts are integer minor units. */
export const uuid = z.string().uuid();
export const text = (max: number) => z.string().max(max);
export const minorUnits = z.number().int().safe();
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
export const timestamp = z.string().datetime({ precision: 3 });
