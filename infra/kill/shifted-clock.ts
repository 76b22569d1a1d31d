/**
 * Loaded before the process (`--import`): its clock is `CLOCK_SHIFT_MS` ahead of the machine's, so that a run of minutes
 * sees months end. The product asks `Date.now` alone.
 */
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const real = Date.now;
Date.now = () => real() + shift;
