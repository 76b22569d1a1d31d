import { type Body, type Client, itemsOf } from './client.ts';
import { type Register, type Session, table } from './command.ts';
import { checkFailed } from './exit-codes.ts';
import { startProgress } from './progress.ts';

type Rebuild = { readonly state: string; readonly done: number; readonly total: number };

const followMs = 300;
const recordOf = (value: unknown): Body => (value instanceof Object ? Object.fromEntries(Object.entries(value)) : {});
const rebuildOf = (projection: Body): Rebuild | undefined => {
  if (projection.rebuild === undefined) return undefined;
  const { state, done, total } = recordOf(projection.rebuild);
  return { state: String(state), done: Number(done), total: Number(total) };
};

const rowOf = (projection: Body): readonly string[] => {
  const lag = recordOf(projection.lag);
  const rebuild = rebuildOf(projection);
  return [
    String(projection.name),
    String(projection.state),
    `v${String(projection.version)} gen ${String(projection.generation ?? '–')}`,
    `${String(lag.events ?? '?')} / ${String(lag.seconds)} s`,
    String(Math.round(Number(projection.rate))),
    rebuild === undefined ? '' : `${rebuild.state} ${rebuild.done}/${rebuild.total}`,
    String(projection.lastError ?? ''),
  ];
};
const head = ['projection', 'state', 'version', 'lag', 'events/s', 'rebuild', 'last error'];

/** How long an ordered rebuild may take to begin. */
const patienceMs = 30_000;

/** Shows the rebuild until readers see another generation than `before`. @throws CommandFailed when it stops, is paused or cancelled */
const followed = async ({ terminal }: Session, client: Client, name: string, before: unknown): Promise<Body> => {
  const { clock, signal } = terminal;
  const progress = startProgress(terminal, `rebuild ${name}`, 1);
  const end = clock.now() + patienceMs;
  let begun = false;
  try {
    for (;;) {
      const now = await client.ok('GET', `/operator/projections/${encodeURIComponent(name)}`);
      const rebuild = rebuildOf(now);
      if (rebuild === undefined) {
        if (now.generation !== before) return now;
        if (begun) throw checkFailed(`the rebuild of ${name} was cancelled`);
        if (clock.now() > end) throw checkFailed(`the rebuild of ${name} did not begin`);
      } else {
        begun = true;
        progress.total(Math.max(1, rebuild.total));
        progress.at(rebuild.done);
        if (rebuild.state !== 'building')
          throw checkFailed(`the rebuild of ${name} is ${rebuild.state}: ${String(now.lastError ?? 'by an operator')}`);
      }
      await clock.sleep(followMs, signal);
      signal.throwIfAborted();
    }
  } finally {
    progress.end();
  }
};

const orders = [
  ['pause', 'stop a rebuild that runs; without one, stop feeding what readers see', 'is paused'],
  ['resume', 'go on with what is paused, or stopped at a poison event', 'goes on'],
  ['cancel', 'drop the generation that is being built', 'is not rebuilt any more'],
  ['rollback', 'show readers the generation that was kept', 'shows the generation that was kept'],
  ['drop', 'free the generation that was kept; no way back to it then', 'has dropped what was kept'],
] as const;

/** `projections …`: how the read models are doing, and what operators order of them. */
export const projectionsCommand: Register = (program, sessionOf) => {
  const group = program
    .command('projections')
    .description('read models: how they are doing, rebuild, roll back (role: operator)');

  group
    .command('list')
    .description('every projection with state, lag, rate and rebuild')
    .action(async (_, command) => {
      const session = sessionOf(command);
      const items = itemsOf(await session.client('operator').ok('GET', '/operator/projections?limit=100'));
      session.result(items, table(head, items.map(rowOf)));
    });

  group
    .command('rebuild')
    .description('build a new generation beside the one that is read, and switch when it has caught up')
    .argument('<name>', 'projection, as `projections list` names it')
    .option('--reason <text>', 'why; an auditor reads it')
    .option('--no-wait', 'order it and return at once')
    .action(async (name: string, options: { readonly reason?: string; readonly wait: boolean }, command) => {
      const session = sessionOf(command);
      const client = session.client('operator');
      const body = options.reason === undefined ? {} : { reason: options.reason };
      const path = `/operator/projections/${encodeURIComponent(name)}`;
      const before = options.wait ? (await client.ok('GET', path)).generation : undefined;
      const ordered = await client.ok('POST', `${path}/rebuild`, body);
      if (!options.wait) return session.result(ordered, `${name} is being rebuilt; see \`projections list\`\n`);
      const built = await followed(session, client, name, before);
      session.result(built, `${name} is rebuilt: readers see generation ${String(built.generation)}\n`);
    });

  for (const [verb, description, done] of orders)
    group
      .command(verb)
      .description(description)
      .argument('<name>', 'projection')
      .action(async (name: string, _, command) => {
        const session = sessionOf(command);
        const ordered = await session
          .client('operator')
          .ok('POST', `/operator/projections/${encodeURIComponent(name)}/${verb}`);
        session.result(ordered, `${name} ${done}\n`);
      });
};
