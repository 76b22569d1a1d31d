import { projection } from '../definition.ts';

export type Machine = { readonly machine: string; readonly name: string | null; readonly at: string };

/** The one read model that holds personal data: everything else holds person ids and joins it when queried. */
export type PersonDocument = {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  /** Without the implicit customer. */
  readonly roles: readonly string[];
  readonly vendorId: string | null;
  readonly registeredAt: string;
  readonly revision: string;
  /** Activated machines by licence id. */
  readonly machines: { readonly [licenseId: string]: readonly Machine[] };
};

export const people = projection<PersonDocument>('people', {
  version: 1,
  sink: 'documents',
  indexes: [['registeredAt'], ['email'], ['displayName']],
})
  .on(
    'AccountRegistered',
    (event) => event.data.accountId,
    (_, event) => ({
      id: event.data.accountId,
      email: event.data.email,
      displayName: event.data.displayName,
      roles: [],
      vendorId: null,
      registeredAt: event.metadata.occurredAt,
      revision: event.revision.toString(),
      machines: {},
    }),
  )
  .on(
    'AccountRolesChanged',
    (event) => event.data.accountId,
    (person, event) => person && { ...person, roles: event.data.roles, revision: event.revision.toString() },
  )
  .on(
    'AccountVendorLinked',
    (event) => event.data.accountId,
    (person, event) =>
      person && {
        ...person,
        vendorId: event.data.vendorId,
        roles: person.roles.includes('vendor') ? person.roles : [...person.roles, 'vendor'],
        revision: event.revision.toString(),
      },
  )
  .on(
    'LicenseActivated',
    (event) => event.data.ownerId,
    (person, event) => {
      if (person === undefined) return undefined;
      const { licenseId, machine, name } = event.data;
      const activated: Machine = { machine, name: name ?? null, at: event.metadata.occurredAt };
      return {
        ...person,
        machines: { ...person.machines, [licenseId]: [...(person.machines[licenseId] ?? []), activated] },
      };
    },
  )
  .on(
    'LicenseDeactivated',
    (event) => event.data.ownerId,
    (person, event) => {
      if (person === undefined) return undefined;
      const { licenseId, machine } = event.data;
      const known = person.machines[licenseId] ?? [];
      const at = known.findIndex((activated) => activated.machine === machine);
      const left = at < 0 ? known : known.toSpliced(at, 1);
      return { ...person, machines: { ...person.machines, [licenseId]: left } };
    },
  );
