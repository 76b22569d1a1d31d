import type { Case, Plan } from '../bench.ts';
import { type Goal, type Row, rowOf } from '../figures.ts';
import { type Load, startLoad } from '../load/load.ts';
import type { LoadResult } from '../load/load-job.ts';
import { type MarketProcess, startMarket } from '../market-process.ts';
import { type BareFastify, startBareFastify } from '../reference/bare-fastify.ts';
import { openBareFts } from '../reference/bare-fts.ts';
import { filteredLists, listPages, productPages, type Question, searches, wordsAt } from './questions.ts';

const samples = 200;
/** More than any server answers in a round: the series does not run out. */
const perRound = 40_000;

type World = {
  readonly plan: Plan;
  readonly load: Load;
  readonly market: MarketProcess;
  readonly bare: BareFastify;
  readonly products: number;
  /** The next numbers of the series of different requests: no number twice while the market runs. */
  readonly fresh: (count: number) => number;
};

type Pair = { readonly subject: LoadResult; readonly reference: LoadResult };

const rowsOf = (name: string, scale: number, pairs: readonly Pair[], goal: Goal | undefined): Row[] => {
  const figure = (part: 'perSecond' | 'p50' | 'p95' | 'p99', unit: string, of?: Goal): Row =>
    rowOf(
      { name: part === 'perSecond' ? name : `${name}: ${part}`, scale, unit, goal: of },
      pairs.map(({ subject, reference }) => ({ subject: subject[part], reference: reference[part] })),
    );
  return [figure('perSecond', 'req/s', goal), figure('p50', 'ms'), figure('p95', 'ms'), figure('p99', 'ms')];
};

const bodiesOf = async ({ market, products, fresh }: World, question: Question, again: boolean): Promise<string[]> => {
  if (again) return [await market.get(question.again)];
  const first = fresh(samples);
  const bodies = [];
  for (let n = first; n < first + samples; n += 1) bodies.push(await market.get(question.nth(n, products)));
  return bodies;
};

/** Subject and a bare Fastify that answers the same bytes, in turn, at each number of connections. */
const besideBare = async (world: World, question: Question, again: boolean, goal: Goal | undefined): Promise<Row[]> => {
  const { plan, load, market, bare, products, fresh } = world;
  await bare.answer(await bodiesOf(world, question, again));
  const rows: Row[] = [];
  for (const connections of plan.connections) {
    const run = async (port: number): Promise<LoadResult> => {
      const first = again ? 0 : fresh(perRound);
      const urls = again
        ? [question.again]
        : Array.from({ length: perRound }, (_, n) => question.nth(first + n, products));
      const requests = urls.map((url) => ({ method: 'GET', url }) as const);
      return load.run({ port, connections, seconds: plan.seconds, requests, repeat: again });
    };
    const pairs: Pair[] = [];
    for (let round = 0; round <= plan.rounds; round += 1)
      pairs.push({ subject: await run(market.port), reference: await run(bare.port) });
    const how = again ? 'the same again' : 'each another';
    rows.push(...rowsOf(`${question.name}, ${how}, ${connections} conn.`, products, pairs.slice(1), goal));
    plan.say(
      `${question.name}, ${how}, ${connections}: ${Math.round(rows.at(-4)?.value ?? 0)}/s, ratio ${rows.at(-4)?.ratio?.toFixed(2)}`,
    );
  }
  return rows;
};

/** Searches by HTTP, sixteen at once, beside the bare query in this process, which is idle meanwhile. */
const besideFts = async (world: World, dir: string): Promise<Row[]> => {
  const { plan, load, market, products, fresh } = world;
  const fts = openBareFts(dir);
  const rows = [];
  for (const again of [true, false]) {
    const rounds = [];
    for (let round = 0; round <= plan.rounds; round += 1) {
      const first = fresh(perRound);
      const urls = again
        ? [searches.again]
        : Array.from({ length: perRound }, (_, n) => searches.nth(first + n, products));
      const requests = urls.map((url) => ({ method: 'GET', url }) as const);
      const job = { port: market.port, connections: 16, seconds: plan.seconds, requests, repeat: again };
      const subject = (await load.run(job)).perSecond;
      const started = performance.now();
      let asked = 0;
      for (; performance.now() - started < plan.seconds * 1000; asked += 1)
        fts.ask(again ? (new URLSearchParams(searches.again.split('?')[1]).get('q') ?? '') : wordsAt(first + asked));
      rounds.push({ subject, reference: asked / ((performance.now() - started) / 1000) });
    }
    const name = `search, ${again ? 'the same again' : 'each another'}, beside bare FTS5`;
    const goal = { of: 'ratio', atLeast: 0.5 } as const;
    rows.push(rowOf({ name, scale: products, unit: 'req/s', goal }, rounds.slice(1)));
    plan.say(`${name}: ${Math.round(rows.at(-1)?.value ?? 0)}/s, ratio ${rows.at(-1)?.ratio?.toFixed(2)}`);
  }
  fts.close();
  return rows;
};

const withWorld = async <T>(
  plan: Plan,
  products: number,
  work: (world: World, dir: string) => Promise<T>,
): Promise<T> => {
  const dir = await plan.market(products);
  const [market, bare] = await Promise.all([startMarket(dir), startBareFastify()]);
  const load = startLoad();
  let next = 0;
  const fresh = (count: number): number => {
    next += count;
    return next - count;
  };
  try {
    return await work({ plan, load, market, bare, products, fresh }, dir);
  } finally {
    await Promise.all([load.close(), market.stop(), bare.close()]);
  }
};

const queryCase = (name: string, about: string, measure: (world: World, dir: string) => Promise<Row[]>): Case => ({
  name,
  about,
  run: async (plan) => {
    const rows: Row[] = [];
    for (const products of plan.scales) rows.push(...(await withWorld(plan, products, measure)));
    return rows;
  },
});

const again = { of: 'ratio', atLeast: 0.7 } as const;
const different = { of: 'ratio', atLeast: 0.25 } as const;

const bothWays = (name: string, question: Question): Case =>
  queryCase(
    name,
    `${question.name}s/s beside bare Fastify with the same bytes: the same asked again, and each another`,
    async (world) => [
      ...(await besideBare(world, question, true, again)),
      ...(await besideBare(world, question, false, different)),
    ],
  );

export const lists = bothWays('lists', listPages);
export const filtered = bothWays('filtered', filteredLists);
export const pages = bothWays('pages', productPages);
export const search = queryCase(
  'search',
  'searches/s beside bare Fastify and beside the bare FTS5 query',
  async (world, dir) => [
    ...(await besideBare(world, searches, true, undefined)),
    ...(await besideBare(world, searches, false, undefined)),
    ...(await besideFts(world, dir)),
  ],
);
