import type { Generation, GenerationState } from '../../infra/documents/sink.port.ts';
import type { Source } from './source.ts';

/** What a projection consists of when the engine starts; `undefined` where there is none. */
export type Standing = {
  readonly source: Source;
  readonly live: Generation | undefined;
  readonly retained: Generation | undefined;
  readonly building: Generation | undefined;
};

const newest = (generations: readonly Generation[], state: GenerationState): Generation | undefined =>
  generations.filter((each) => each.state === state).at(-1);

/** The number for the next generation: above all there ever were, and at least `wanted`. */
export const nextNumber = (generations: readonly Generation[], wanted = 1): number =>
  Math.max(wanted, ...generations.map((each) => each.generation + 1));

/** Begins a generation in the sink. */
export const begin = async (
  source: Source,
  state: 'building' | 'live',
  generation: number,
  bornAt: bigint | undefined,
): Promise<Generation> => {
  const { name: projection, version, kind, indexes } = source;
  await source.sink.create({ projection, generation, version, kind, indexes, state, bornAt });
  return { projection, generation, version, state, checkpoint: undefined, bornAt };
};

/**
 * Brings the stored generations in line with the definitions. Read models without any generation are new: everything is live
 * at once and fills from the one subscription. Otherwise a projection that is new, or whose definition is of a higher version than
 * its live generation, builds one beside it; a build of this version that was interrupted goes on, others are dropped.
 * `head` is the head of the log now.
 */
export const standingsOf = async (
  sources: readonly Source[],
  head: bigint | undefined,
): Promise<readonly Standing[]> => {
  const stored = await Promise.all(
    sources.map(async (source) => ({ source, generations: await source.sink.generations(source.name) })),
  );
  const areNew = stored.every(({ generations }) => generations.length === 0);
  const standings: Standing[] = [];
  for (const { source, generations } of stored) {
    if (areNew) {
      standings.push({ source, live: await begin(source, 'live', 1, head), retained: undefined, building: undefined });
      continue;
    }
    const live = newest(generations, 'live');
    const retained = newest(generations, 'retained');
    const interrupted = newest(
      generations.filter((each) => each.version === source.version),
      'building',
    );
    for (const each of generations)
      if ((each.state === 'building' || each.state === 'retained') && each !== interrupted && each !== retained)
        await source.sink.drop(each);
    const outdated = live === undefined || live.version < source.version;
    const building =
      interrupted ?? (outdated ? await begin(source, 'building', nextNumber(generations), head) : undefined);
    standings.push({ source, live, retained, building });
  }
  return standings;
};

/**
 * The lowest live checkpoint: where the one subscription starts. Undefined: at the beginning. One that `isPaused` does not
 * count: it catches up by itself when it goes on.
 */
export const lowestLive = (
  standings: readonly Standing[],
  isPaused: (generation: Generation) => boolean,
): bigint | undefined => {
  const fed = standings.filter(({ live }) => live !== undefined && !isPaused(live));
  const checkpoints = (fed.length === 0 ? standings : fed).flatMap(({ live }) =>
    live === undefined ? [] : [live.checkpoint],
  );
  const known = checkpoints.filter((each) => each !== undefined);
  return known.length < checkpoints.length ? undefined : known.sort((a, b) => (a < b ? -1 : 1))[0];
};
