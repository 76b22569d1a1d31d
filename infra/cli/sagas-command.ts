import { allItems, type Body } from './client.ts';
import { type Register, table } from './command.ts';

const rowOf = (saga: Body): readonly string[] => [
  String(saga.id),
  Array.isArray(saga.owes) ? saga.owes.join(', ') : '',
  String(saga.since ?? ''),
  String(saga.dueAt ?? 'never: an operator has to'),
  String(saga.tries),
  String(saga.lastAnswer ?? ''),
  saga.overdue === true ? 'overdue' : '',
];
const head = ['saga', 'owes', 'since', 'due', 'tries', 'last answer', ''];

/** `sagas …`: what is owed, and what operators do about it. */
export const sagasCommand: Register = (program, sessionOf) => {
  const group = program.command('sagas').description('what the processes owe: list, retry, resolve (role: operator)');

  group
    .command('list')
    .description('everything that is owed, what waits for an operator first')
    .option('--overdue', 'only what should have happened by now')
    .action(async ({ overdue = false }: { readonly overdue?: boolean }, command) => {
      const session = sessionOf(command);
      const items = [];
      for await (const saga of allItems(session.client('operator'), '/operator/sagas'))
        if (!overdue || saga.overdue === true) items.push(saga);
      session.result(items, items.length === 0 ? 'nothing is owed\n' : table(head, items.map(rowOf)));
    });

  group
    .command('retry')
    .description('do now what is owed, without waiting for the next try')
    .argument('<id>', 'saga, as `sagas list` names it: checkout:<order id>')
    .action(async (id: string, _, command) => {
      const session = sessionOf(command);
      const answer = await session.client('operator').ok('POST', `/operator/sagas/${encodeURIComponent(id)}/retry`);
      session.result(answer, `${id} is tried again now\n`);
    });

  group
    .command('resolve')
    .description('record that the money of a refund that keeps failing went back another way')
    .argument('<id>', 'saga: checkout:<order id>')
    .requiredOption('--reason <text>', 'what was done; an auditor reads it')
    .action(async (id: string, { reason }: { readonly reason: string }, command) => {
      const session = sessionOf(command);
      const path = `/operator/sagas/${encodeURIComponent(id)}/resolve`;
      session.result(
        await session.client('operator').ok('POST', path, { outcome: 'refunded', reason }),
        `${id} is resolved\n`,
      );
    });
};
