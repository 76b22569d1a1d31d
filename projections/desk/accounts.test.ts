import { expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { sampleId as id } from '../../domain/order/samples.ts';
import { documentsOf, inStream } from '../given.ts';
import { desk } from './desk.ts';

const accountId = id(3);
const account = (...events: DomainEvent[]) => inStream(`account-${accountId}`, ...events);
const erased: DomainEvent = { type: 'AccountErased', data: { accountId } };
const completed: DomainEvent = { type: 'AccountErasureCompleted', data: { accountId } };
const moved: DomainEvent = {
  type: 'AccountEmailChanged',
  data: { accountId, email: 'new@example.test', emailHash: 'h2', previousHash: 'h1' },
};

it('an erasure is owed until it is complete', async () => {
  const owed = await documentsOf(desk, account(erased));
  expect(owed.get(`erasure:${accountId}`)).toMatchObject({ process: 'erasure', key: accountId, owes: ['erase'] });
  expect((await documentsOf(desk, account(erased, completed))).size).toBe(0);
});

it('an old address is owed to everybody until it is released', async () => {
  const owed = await documentsOf(desk, account(moved));
  const key = `h1:${accountId}`;
  expect(owed.get(`emailRelease:${key}`)).toMatchObject({ process: 'emailRelease', key, owes: ['release'] });
  const released: DomainEvent = { type: 'NameReleased', data: { holderId: accountId } };
  expect((await documentsOf(desk, account(moved), inStream('email-h1', released))).size).toBe(0);
  expect((await documentsOf(desk, account(moved), inStream('email-h9', released))).size).toBe(1);
});
