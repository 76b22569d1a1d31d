import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { transactionGroup } from './transaction-group.ts';

const world = () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE said (word TEXT PRIMARY KEY) STRICT');
  const turns: (() => void)[] = [];
  const group = transactionGroup(db, (turn) => turns.push(turn));
  const say = db.prepare('INSERT INTO said VALUES (?)');
  return {
    ...{ db, group, turns },
    words: () =>
      db
        .prepare('SELECT word FROM said ORDER BY rowid')
        .all()
        .map(({ word }) => word),
    say: (word: string) => group.run(() => say.run(word) && word),
    nextTurn: () => turns.shift()?.(),
  };
};

it('does what came in one turn in one transaction, in the order of the calls', async () => {
  const { say, words, turns, nextTurn } = world();
  const both = Promise.all([say('one'), say('two')]);
  expect(turns).toHaveLength(1);
  expect(words()).toEqual([]);
  nextTurn();
  expect(words()).toEqual(['one', 'two']);
  expect(await both).toEqual(['one', 'two']);
});

it('tells each how it went: the one that was refused, and those that stand', async () => {
  const { group, say, words, nextTurn } = world();
  const events: string[] = [];
  const all = Promise.allSettled([
    say('one'),
    group.run(
      () => {
        throw new Error('refused');
      },
      { rolledBack: () => events.push('taken back') },
    ),
    group.run(() => 2, { committed: () => events.push('committed') }),
  ]);
  nextTurn();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(words()).toEqual(['one']);
  expect(events).toEqual(['taken back', 'committed']);
});

it('undoes the writes of a refused piece', async () => {
  const { group, db, words, nextTurn } = world();
  const refused = group.run(() => {
    db.exec("INSERT INTO said VALUES ('half')");
    throw new Error('refused');
  });
  const kept = group.run(() => db.exec("INSERT INTO said VALUES ('whole')"));
  nextTurn();
  await expect(refused).rejects.toThrow('refused');
  await kept;
  expect(words()).toEqual(['whole']);
});

it('rejects all of a group whose transaction fails, and the next one starts afresh', async () => {
  const { say, db, words, nextTurn } = world();
  db.exec('BEGIN');
  const lost = Promise.allSettled([say('one'), say('two')]);
  nextTurn();
  expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = say('three');
  nextTurn();
  await next;
  expect(words()).toEqual(['three']);
});

it('flushes at once when it is asked to, in the order of the calls', async () => {
  const { say, group, words, nextTurn } = world();
  const said = say('one');
  group.flush();
  expect(words()).toEqual(['one']);
  await said;
  nextTurn();
  expect(words()).toEqual(['one']);
});

it('leaves what is too much for one transaction to the next turns, in the order of the calls', async () => {
  const { db, group, say, words, turns, nextTurn } = world();
  const large = (word: string) => group.run(() => db.exec(`INSERT INTO said VALUES ('${word}')`), {}, 5_000);
  const all = Promise.all([large('one'), large('two'), large('three'), say('four')]);
  nextTurn();
  expect(words()).toEqual(['one', 'two']);
  expect(turns).toHaveLength(1);
  nextTurn();
  expect(words()).toEqual(['one', 'two', 'three', 'four']);
  expect(turns).toEqual([]);
  await all;
});
