import type { Person } from '../door.ts';
import { addressOf, demoPassword, demoSignIns } from '../sign-ins.ts';
import type { Stage } from '../stage.ts';
import type { VendorName } from '../workflows/offer.ts';
import type { Agenda } from './agenda.ts';

/** Somebody of the story. */
export type Member = Person & { readonly accountId: string };
export type Buyer = Member & { readonly name: string; readonly country: string; readonly vatId?: string };

export type Cast = {
  readonly admin: Person;
  readonly operator: Person;
  readonly auditor: Person;
  readonly vendors: Readonly<Record<VendorName, Member & { readonly vendorId: string }>>;
  /** Those who have joined by now. */
  readonly buyers: readonly Buyer[];
};

export const currencyOf: Readonly<Record<VendorName, string>> = { kontor: 'EUR', fernleaf: 'GBP', mara: 'USD' };

const vendors = [
  { name: 'kontor', displayName: 'Kontor Sieben', country: 'DE' },
  { name: 'fernleaf', displayName: 'Fernleaf Systems', country: 'GB' },
  { name: 'mara', displayName: 'Mara Okafor', country: 'US' },
] as const;

const buyers = [
  { mailbox: 'ines', name: 'Ines Duarte', country: 'PT', joins: 2 },
  { mailbox: 'ravi', name: 'Ravi Menon', country: 'GB', joins: 2 },
  { mailbox: 'jonas', name: 'Jonas Bergmann', country: 'DE', joins: 2 },
  { mailbox: 'aiko', name: 'Aiko Tanabe', country: 'JP', joins: 3 },
  { mailbox: 'lucie', name: 'Lucie Moreau', country: 'FR', joins: 4 },
  { mailbox: 'diego', name: 'Diego Herrera', country: 'ES', joins: 6 },
  { mailbox: 'hanne', name: 'Hanne Skov', country: 'DK', joins: 9 },
  { mailbox: 'marcus', name: 'Marcus Lindholm', country: 'SE', joins: 8 },
  { mailbox: 'noor', name: 'Noor van Dijk', country: 'NL', joins: 17 },
] as const;

const nameOf = (mailbox: string): string =>
  demoSignIns.find(({ email }) => email === addressOf(mailbox))?.name ?? mailbox;

/** Registers everybody: staff and vendors on the first day, buyers as the month goes on. */
export const castOf = async (stage: Stage, agenda: Agenda): Promise<Cast> => {
  const enter = async (mailbox: string, name = nameOf(mailbox)): Promise<Member> => {
    const accountId = await stage.register(addressOf(mailbox), demoPassword, name);
    return { ...(await stage.signIn(addressOf(mailbox), demoPassword)), accountId };
  };

  const admin = await stage.signIn(addressOf('admin'), demoPassword);
  await admin.ask('PATCH', '/me', { displayName: nameOf('admin') });
  const staff = async (role: 'operator' | 'auditor'): Promise<Person> => {
    const { accountId } = await enter(role);
    await admin.ask('PUT', `/accounts/${accountId}/roles`, { roles: [role] });
    return stage.signIn(addressOf(role), demoPassword);
  };
  const operator = await staff('operator');
  const auditor = await staff('auditor');

  const opened: Partial<Record<VendorName, Member & { readonly vendorId: string }>> = {};
  for (const { name, displayName, country } of vendors) {
    const person = await enter(name);
    const vendorId = await person.make('/vendors', { displayName, country, defaultCurrency: currencyOf[name] });
    await stage.settle();
    await admin.ask('POST', `/vendors/${vendorId}/approve`, { reason: 'Known from the closed trial.' });
    // The role of a vendor is in tokens made from now on.
    const { accountId } = person;
    opened[name] = { ...(await stage.signIn(addressOf(name), demoPassword)), accountId, vendorId };
  }
  const { kontor, fernleaf, mara } = opened;
  if (kontor === undefined || fernleaf === undefined || mara === undefined) throw new Error('a vendor is missing');

  const joined: Buyer[] = [];
  for (const { mailbox, name, country, joins } of buyers)
    agenda.add(agenda.on(joins, 8, 10 * joins), async () => {
      joined.push({ ...(await enter(mailbox, name)), name, country });
    });
  return { admin, operator, auditor, vendors: { kontor, fernleaf, mara }, buyers: joined };
};
