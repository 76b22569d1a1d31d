import { allItems, type Body } from './client.ts';
import { type Register, table } from './command.ts';

const rowOf = (letter: Body): readonly string[] =>
  [letter.id, letter.projection, letter.position, letter.type, letter.documentId ?? 'whole stream', letter.reason].map(
    String,
  );
const head = ['id', 'projection', 'position', 'event', 'document', 'reason'];

/** `dead-letters …`: events that a projection could not apply. */
export const deadLettersCommand: Register = (program, sessionOf) => {
  const group = program
    .command('dead-letters')
    .description('events that a read model could not apply: list, replay, discard (role: operator)');

  group
    .command('list')
    .description('parked events and what waits behind them, in log order')
    .option('--projection <name>', 'of one projection')
    .action(async ({ projection }: { readonly projection?: string }, command) => {
      const session = sessionOf(command);
      const query = projection === undefined ? '' : `?projection=${encodeURIComponent(projection)}`;
      const items = await Array.fromAsync(allItems(session.client('operator'), `/operator/dead-letters${query}`));
      session.result(items, items.length === 0 ? 'no dead letters\n' : table(head, items.map(rowOf)));
    });

  group
    .command('replay')
    .description('apply a parked event again, with what waits for it, in order')
    .argument('<id>', 'dead letter')
    .option('--reason <text>', 'why')
    .action(async (id: string, { reason }: { readonly reason?: string }, command) => {
      const session = sessionOf(command);
      const body = reason === undefined ? {} : { reason };
      const path = `/operator/dead-letters/${encodeURIComponent(id)}/replay`;
      session.result(await session.client('operator').ok('POST', path, body), `${id} is applied again\n`);
    });

  group
    .command('discard')
    .description('go on without a parked event, in this and every later generation')
    .argument('<id>', 'dead letter')
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, { reason }: { readonly reason: string }, command) => {
      const session = sessionOf(command);
      const path = `/operator/dead-letters/${encodeURIComponent(id)}/discard`;
      session.result(await session.client('operator').ok('POST', path, { reason }), `${id} is left out\n`);
    });
};
