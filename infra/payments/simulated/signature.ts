import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidWebhook } from '../port.ts';

export const SIGNATURE_HEADER = 'simulator-signature';
/** How far the signed time may be from the reader's clock, either way. */
const TOLERANCE_S = 300;

const mac = (secret: string, seconds: string, rawBody: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(rawBody).digest();

/** The value of the signature header for `rawBody` sent at `nowMs`: `t=<unix seconds>,v1=<hex hmac of "t.body">`. */
export const sign = (secret: string, rawBody: Uint8Array, nowMs: number): string => {
  const seconds = String(Math.floor(nowMs / 1000));
  return `t=${seconds},v1=${mac(secret, seconds, rawBody).toString('hex')}`;
};

/** @throws InvalidWebhook when `header` is missing, malformed, too old or too new, or signs other bytes */
export const verify = (secret: string, rawBody: Uint8Array, header: string | undefined, nowMs: number): void => {
  const parts = /^t=(?<seconds>\d{1,12}),v1=(?<hex>[0-9a-f]{64})$/.exec(header ?? '')?.groups;
  const { seconds, hex } = parts ?? {};
  if (seconds === undefined || hex === undefined)
    throw new InvalidWebhook(`${SIGNATURE_HEADER} is missing or malformed`);
  if (!timingSafeEqual(mac(secret, seconds, rawBody), Buffer.from(hex, 'hex')))
    throw new InvalidWebhook('the signature does not match the body');
  if (Math.abs(Math.floor(nowMs / 1000) - Number(seconds)) > TOLERANCE_S)
    throw new InvalidWebhook(`the signature is more than ${TOLERANCE_S} s from now`);
};
