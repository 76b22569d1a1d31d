import type { Failure } from '../outcome.ts';
import type { Sweep } from './sweep.ts';

export type ShrunkFailure = {
  readonly seed: number;
  /** Items of the whole plan. */
  readonly of: number;
  readonly only: readonly number[];
  readonly failure: Failure;
  readonly runs: number;
};

type Stream = { readonly isTTY?: boolean; write(text: string): unknown };

const spoken = (ms: number): string => {
  const hours = ms / 3_600_000;
  return hours >= 48
    ? `${(hours / 24).toFixed(1)} days`
    : hours >= 1
      ? `${hours.toFixed(1)} h`
      : `${(ms / 60_000).toFixed(1)} min`;
};

/** The line that runs exactly this failure again. */
export const replayLine = ({ seed, of, only }: Pick<ShrunkFailure, 'seed' | 'of' | 'only'>, hours?: number): string =>
  [
    `npm run simulate -- --seed ${seed}`,
    ...(hours === undefined ? [] : [`--hours ${hours}`]),
    ...(only.length === of ? [] : [`--only ${only.join(',')}`]),
  ].join(' ');

/** Says how a sweep goes and what it found. `now` in milliseconds of a steady clock. */
export const report = (to: {
  readonly json: boolean;
  readonly out: Stream;
  readonly err: Stream;
  readonly now: () => number;
}) => {
  const started = to.now();
  let saidAt = Number.NEGATIVE_INFINITY;
  const rates = ({ seeds, simulatedMs }: Sweep) => {
    const seconds = Math.max((to.now() - started) / 1000, 0.001);
    return { seconds, seedsPerSecond: seeds / seconds, simulatedPerSecond: simulatedMs / seconds };
  };
  const line = (sum: Sweep, of: number): string => {
    const { seedsPerSecond, simulatedPerSecond } = rates(sum);
    const left = (of - sum.seeds) / Math.max(seedsPerSecond, 0.001);
    return `${sum.seeds}/${of} seeds, ${seedsPerSecond.toFixed(1)} seeds/s, ${spoken(simulatedPerSecond)} simulated a second, ${sum.commands} commands, ${sum.failed.length} failed, ${Math.ceil(left)} s left`;
  };
  return {
    /** On a terminal one line that changes, elsewhere one every ten seconds. */
    progress: (sum: Sweep, of: number): void => {
      const last = sum.seeds === of;
      if (!last && to.now() - saidAt < (to.err.isTTY === true ? 100 : 10_000)) return;
      saidAt = to.now();
      to.err.write(to.err.isTTY === true ? `\r\u001b[K${line(sum, of)}${last ? '\n' : ''}` : `${line(sum, of)}\n`);
    },
    end: (sum: Sweep, shrunk: readonly ShrunkFailure[], hours?: number): void => {
      if (to.json) {
        to.out.write(`${JSON.stringify({ ...sum, ...rates(sum), shrunk })}\n`);
        return;
      }
      for (const { seed, answer } of sum.failed)
        if ('broken' in answer) to.out.write(`\nseed ${seed} broke the simulator: ${answer.broken}\n`);
      for (const one of shrunk) {
        const { failure } = one;
        to.out.write(`\nseed ${one.seed}: ${failure.invariant}\n  ${failure.detail}\n\n`);
        to.out.write(`  ${one.only.length} of ${one.of} planned items still break it (${one.runs} runs):\n`);
        for (const happened of failure.trace) to.out.write(`  ${happened}\n`);
        to.out.write(`\n  ${replayLine(one, hours)}\n`);
      }
      const { seconds } = rates(sum);
      to.out.write(
        `\n${sum.seeds} seeds in ${seconds.toFixed(0)} s, ${sum.commands} commands (at least ${sum.fewestCommands} a seed), ${sum.events} events, ${spoken(sum.simulatedMs)} simulated, ${sum.failed.length} failed\n`,
      );
    },
  };
};
