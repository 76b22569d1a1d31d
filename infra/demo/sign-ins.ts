/** One who may sign in to the demo; everything here is public. `role` is what the sign-in shows, in words. */
export type SignIn = {
  readonly role: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
};

/** The same for everybody: a demo has nothing to keep, and it is printed at each start. */
export const demoPassword = 'take off and land';

/** An address nobody can have: `.example` is reserved. */
export const addressOf = (name: string): string => `${name}@autopilot.example`;

const signIn = (role: string, name: string, mailbox: string): SignIn => ({
  ...{ role, name, email: addressOf(mailbox), password: demoPassword },
});

/** A sign-in for each role, those of which there are several by a few of them. */
export const demoSignIns: readonly SignIn[] = [
  signIn('administrator', 'Marit Solheim', 'admin'),
  signIn('operator', 'Tomasz Wrona', 'operator'),
  signIn('auditor', 'Adaeze Nwosu', 'auditor'),
  signIn('vendor, Kontor Sieben', 'Henrike Vogt', 'kontor'),
  signIn('vendor, Fernleaf Systems', 'Callum Reid', 'fernleaf'),
  signIn('vendor, Mara Okafor', 'Mara Okafor', 'mara'),
  signIn('buyer', 'Ines Duarte', 'ines'),
  signIn('buyer', 'Ravi Menon', 'ravi'),
];

/** The block that a start prints for people. `address` is where the system listens. */
export const signInText = (signIns: readonly SignIn[], address: string): string => {
  const width = Math.max(...signIns.map(({ role }) => role.length)) + 2;
  const rows = signIns.map(({ role, email }) => `    ${role.padEnd(width)}${email}`);
  return [
    '',
    `  Autopilot with demo data, on ${address}`,
    '',
    ...rows,
    '',
    `    password of them all: ${demoPassword}`,
    '',
    '  These are public: let nobody else reach this system. DEMO=off starts it without this list; a start with',
    '  DEMO=off on an empty DATA_DIR is an empty system.',
    '',
  ].join('\n');
};
