import { v7 } from 'uuid';
import type { Clock } from '../clock/port.ts';

/**
 * A source of UUIDv7 from a clock and random bytes, strictly increasing as text even within a millisecond or when the
 * clock steps back: the counter goes up, and the time is borrowed from the next millisecond when it wraps.
 */
export const uuidV7 = (clock: Clock, bytes: (length: number) => Uint8Array): (() => string) => {
  let msecs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  return () => {
    const random = bytes(16);
    const now = Math.floor(clock.now());
    if (now > msecs) {
      msecs = now;
      // 31 of 32 bits, so that a millisecond has room for 2^31 more.
      seq = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
    } else {
      seq = (seq + 1) >>> 0;
      if (seq === 0) msecs += 1;
    }
    return v7({ random, msecs, seq });
  };
};
