import { expect, it } from 'vitest';
import { openSqliteReadModels } from '../../documents/sqlite/open-read-models.ts';
import { auditContract } from '../contract.ts';

auditContract('SQLite', async () => {
  const readModels = openSqliteReadModels({ file: ':memory:' });
  return { audit: readModels.audit('audit'), sink: readModels.sink, close: async () => readModels.close() };
});

it('the SQLite audit index is empty before its first generation', async () => {
  const readModels = openSqliteReadModels({ file: ':memory:' });
  const audit = readModels.audit('audit');
  expect([await audit.find({ limit: 1 }), await audit.countUpTo(1n), await audit.checkpoint()]).toEqual([
    [],
    0,
    undefined,
  ]);
  readModels.close();
});
