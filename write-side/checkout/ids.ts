import { idFrom } from '../handling/ids.ts';

/** An order has one payment, under its own id: what the one stream says is found from the other. */
export const paymentIdOf = (orderId: string): string => orderId;
/** One licence a line. */
export const licenseIdOf = (orderId: string, lineId: string): string => idFrom(orderId, lineId, 'license');
/** One vendor's part of one order. */
export const saleIdOf = (orderId: string, vendorId: string): string => idFrom(orderId, vendorId, 'sale');
/** The attempt-th refund that the market makes by itself. */
export const compensationIdOf = (orderId: string, attempt: number): string => idFrom(orderId, attempt, 'compensation');
/** The line at `index` of an order. */
export const lineIdOf = (orderId: string, index: number): string => idFrom(orderId, index, 'line');
