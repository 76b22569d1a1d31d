import { projection } from '../definition.ts';

export type ReviewWords = {
  readonly title: string | null;
  readonly body: string | null;
  readonly reply: string | null;
};

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
  /** Why this person asked for money back, by refund request id. */
  readonly refundReasons?: { readonly [requestId: string]: string };
  /** What this person wrote against disputes, by evidence id. */
  readonly evidence?: { readonly [evidenceId: string]: string };
  /** What the person wrote of products, and what was answered, by review id. */
  readonly reviews: { readonly [reviewId: string]: ReviewWords };
};

type Written = { readonly reviewId: string; readonly title?: string | undefined; readonly body?: string | undefined };
const withWords = (
  person: PersonDocument | undefined,
  { data: { reviewId, title, body } }: { readonly data: Written },
): PersonDocument | undefined => {
  if (person === undefined) return undefined;
  const reply = person.reviews[reviewId]?.reply ?? null;
  return { ...person, reviews: { ...person.reviews, [reviewId]: { title: title ?? null, body: body ?? null, reply } } };
};

const revised = (person: PersonDocument | undefined, event: { readonly revision: bigint }) =>
  person && { ...person, revision: event.revision.toString() };

export const people = projection<PersonDocument>('people', {
  version: 2,
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
      reviews: {},
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
  .on('ReviewPublished', (event) => event.data.authorId, withWords)
  .on('ReviewEdited', (event) => event.data.authorId, withWords)
  .on(
    'ReviewReplied',
    (event) => event.data.authorId,
    (person, { data: { reviewId, body: reply } }) => {
      if (person === undefined) return undefined;
      const words = person.reviews[reviewId] ?? { title: null, body: null };
      return { ...person, reviews: { ...person.reviews, [reviewId]: { ...words, reply } } };
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
  )
  .on(
    'OrderRefundRequestedByBuyer',
    (event) => event.data.customerId,
    (person, { data }) =>
      person && { ...person, refundReasons: { ...person.refundReasons, [data.requestId]: data.reason } },
  )
  .on(
    'OrderDisputeEvidenceSubmitted',
    (event) => event.data.submittedBy,
    (person, { data }) => person && { ...person, evidence: { ...person.evidence, [data.evidenceId]: data.text } },
  )
  .on(
    'AccountRenamed',
    (event) => event.data.accountId,
    (person, event) =>
      person && { ...person, displayName: event.data.displayName, revision: event.revision.toString() },
  )
  .on(
    'AccountEmailChanged',
    (event) => event.data.accountId,
    (person, event) => person && { ...person, email: event.data.email, revision: event.revision.toString() },
  )
  .on('AccountEmailVerified', (event) => event.data.accountId, revised)
  .on('ApiKeyCreated', (event) => event.data.accountId, revised)
  .on('ApiKeyRevoked', (event) => event.data.accountId, revised)
  .on(
    'AccountErased',
    (event) => event.data.accountId,
    () => undefined,
  );
