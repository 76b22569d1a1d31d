import type { Row } from './figures.ts';

/** How a run measures. */
export type Plan = {
  /** Products on sale, one market each. */
  readonly scales: readonly number[];
  readonly rounds: number;
  /** Of one measurement of one round. */
  readonly seconds: number;
  /** Connections, or writers at once. */
  readonly connections: readonly number[];
  readonly say: (text: string) => void;
  /** A copy of the market of that many products, to write to. It is removed at the end of the run. */
  readonly market: (products: number) => Promise<string>;
  /** A new empty folder, removed at the end of the run. */
  readonly folder: () => string;
};

/** One thing that is measured: its rows, for each scale where that matters. */
export type Case = {
  readonly name: string;
  readonly about: string;
  readonly run: (plan: Plan) => Promise<readonly Row[]>;
};

/** What is measured once, at no scale. */
export const anyScale = 0;

/** For so many seconds, work after work; how often a second. */
export const perSecond = async (seconds: number, work: () => Promise<number>): Promise<number> => {
  const started = performance.now();
  let done = 0;
  while (performance.now() - started < seconds * 1000) done += await work();
  return done / ((performance.now() - started) / 1000);
};

/** Rounds of subject and reference, one after the other each time; the first of all is thrown away (it warms up). */
export const interleaved = async (
  rounds: number,
  subject: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<readonly { readonly subject: number; readonly reference: number }[]> => {
  const measured = [];
  for (let round = 0; round <= rounds; round += 1)
    measured.push({ subject: await subject(), reference: await reference() });
  return measured.slice(1);
};
