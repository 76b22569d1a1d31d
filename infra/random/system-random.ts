import { randomFillSync } from 'node:crypto';
import type { Clock } from '../clock/port.ts';
import type { Random } from './port.ts';
import { uuidV7 } from './uuid-v7.ts';

const bytes = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** Draws from the machine in portions: a call costs far more than its bytes. No byte is handed out twice. */
const pooled = (): ((length: number) => Uint8Array) => {
  let pool = new Uint8Array(0);
  return (length) => {
    if (pool.length < length) pool = randomFillSync(new Uint8Array(4096));
    const taken = pool.subarray(0, length);
    pool = pool.subarray(length);
    return taken;
  };
};

/** Cryptographic randomness of the machine; UUIDs carry the time of `clock` and increase within one process. */
export const systemRandom = (clock: Clock): Random => ({
  bytes,
  fraction: () => new DataView(bytes(4).buffer).getUint32(0) / 2 ** 32,
  uuid: uuidV7(clock, pooled()),
});
