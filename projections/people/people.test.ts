import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { sampleId as id, licenseId } from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { people } from './people.ts';

const accountId = id(3);
const registered: DomainEvent = {
  type: 'AccountRegistered',
  data: { accountId, email: 'c@example.test', emailHash: 'h', displayName: 'Cleo' },
};
const account = (...events: DomainEvent[]) => inStream(`account-${accountId}`, ...events);
const machine = (type: 'LicenseActivated' | 'LicenseDeactivated', n: number, license = 1): DomainEvent => ({
  type,
  data: { licenseId: licenseId(license), ownerId: accountId, machine: `machine-${n}` },
});
const licence = (...events: DomainEvent[]) => inStream(`license-${licenseId(1)}`, ...events);

describe('people', () => {
  it('are who registered, without a role', async () => {
    expect((await documentsOf(people, account(registered))).get(accountId)).toEqual({
      ...{
        id: accountId,
        email: 'c@example.test',
        displayName: 'Cleo',
        roles: [],
        vendorId: null,
        machines: {},
        reviews: {},
      },
      ...{ registeredAt: happenedAt(0), revision: '0' },
    });
  });

  it('get the role vendor with their vendor, once, and lose roles when they are replaced', async () => {
    const linked: DomainEvent = { type: 'AccountVendorLinked', data: { accountId, vendorId: id(31) } };
    const roles: DomainEvent = {
      type: 'AccountRolesChanged',
      data: { accountId, roles: ['vendor', 'auditor'], epoch: 1 },
    };
    const none: DomainEvent = { type: 'AccountRolesChanged', data: { accountId, roles: [], epoch: 2 } };
    const personAfter = async (...events: DomainEvent[]) =>
      (await documentsOf(people, account(registered, ...events))).get(accountId);
    expect(await personAfter(linked)).toMatchObject({ roles: ['vendor'], vendorId: id(31), revision: '1' });
    expect(await personAfter(roles, linked)).toMatchObject({
      roles: ['vendor', 'auditor'],
      vendorId: id(31),
      revision: '2',
    });
    expect(await personAfter(linked, none)).toMatchObject({ roles: [], vendorId: id(31) });
  });

  it('hold the machines of their licences; the account’s own revision stands', async () => {
    const person = await documentsOf(
      people,
      account(registered),
      licence(machine('LicenseActivated', 1), machine('LicenseActivated', 2), machine('LicenseDeactivated', 1)),
      inStream(`license-${licenseId(2)}`, machine('LicenseActivated', 1, 2)),
    );
    expect(person.get(accountId)).toMatchObject({
      revision: '0',
      machines: {
        [licenseId(1)]: [{ machine: 'machine-2', name: null, at: happenedAt(2) }],
        [licenseId(2)]: [{ machine: 'machine-1', name: null, at: happenedAt(4) }],
      },
    });
  });

  it('have the name and address that they gave last', async () => {
    const person = await documentsOf(
      people,
      account(
        registered,
        { type: 'AccountRenamed', data: { accountId, displayName: 'Cleo Queen' } },
        {
          type: 'AccountEmailChanged',
          data: { accountId, email: 'q@example.test', emailHash: 'h2', previousHash: 'h' },
        },
      ),
    );
    expect(person.get(accountId)).toMatchObject({ displayName: 'Cleo Queen', email: 'q@example.test', revision: '2' });
  });

  it('are gone once they are erased, whatever comes after', async () => {
    const person = await documentsOf(
      people,
      account(registered, { type: 'AccountErased', data: { accountId } }),
      licence(machine('LicenseActivated', 1)),
    );
    expect(person.get(accountId)).toBeUndefined();
  });
});
