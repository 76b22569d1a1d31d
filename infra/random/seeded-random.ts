import type { Clock } from '../clock/port.ts';
import type { Random } from './port.ts';
import { uuidV7 } from './uuid-v7.ts';

/** Chris Doty-Humphrey's sfc32: 32 bits a call, passes PractRand; not for secrets. */
const sfc32 = (seed: number): (() => number) => {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  // The first outputs of close seeds resemble each other; these are thrown away.
  for (let i = 0; i < 12; i += 1) next();
  return next;
};

/** The same sequence for the same seed (32 bits count) and clock: for tests and simulation, never for secrets. */
export const seededRandom = (seed: number, clock: Clock): Random => {
  const next = sfc32(seed);
  const bytes = (length: number): Uint8Array => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 1) out[i] = next() >>> 24;
    return out;
  };
  return { bytes, fraction: () => next() / 2 ** 32, uuid: uuidV7(clock, bytes) };
};
