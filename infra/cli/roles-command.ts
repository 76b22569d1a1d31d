import { InvalidArgumentError } from 'commander';
import { roles as knownRoles, type Role } from '../../domain/account/events.ts';
import { allItems, type Body, type Client, textOf } from './client.ts';
import type { Register } from './command.ts';
import { checkFailed } from './exit-codes.ts';

type Options = { readonly grant: readonly Role[]; readonly revoke: readonly Role[] };

/** Everybody is a customer: that is neither given nor taken. */
const grantable = knownRoles.filter((role) => role !== 'customer');

const rolesIn = (text: string): readonly Role[] =>
  text.split(',').map((word) => {
    const found = grantable.find((role) => role === word.trim());
    if (found === undefined) throw new InvalidArgumentError(`"${word}" is none of ${grantable.join(', ')}.`);
    return found;
  });

const rolesOf = ({ roles }: Body): readonly Role[] =>
  grantable.filter((role) => Array.isArray(roles) && roles.includes(role));

/** By e-mail address or id, else whoever is signed in. @throws CommandFailed when there is no such account */
const accountOf = async (client: Client, who: string | undefined): Promise<Body> => {
  if (who === undefined) return client.ok('GET', '/me');
  const isAddress = who.includes('@');
  const path = isAddress ? `/accounts?q=${encodeURIComponent(who)}` : '/accounts';
  for await (const account of allItems(client, path))
    if (isAddress ? textOf(account, 'email').toLowerCase() === who.toLowerCase() : account.id === who) return account;
  throw checkFailed(`there is no account ${who}: who registered (POST /auth/register) has one`, 'NOT_FOUND');
};

/** `roles [account]`: what an account may do, and what an administrator makes of it. */
export const rolesCommand: Register = (program, sessionOf) => {
  program
    .command('roles')
    .description('show the roles of an account, give it some or take some away (role: admin)')
    .argument('[account]', 'its e-mail address or id; without: the account that is signed in')
    .option('--grant <roles>', `with commas: ${grantable.join(', ')}`, rolesIn, [])
    .option('--revoke <roles>', 'with commas; the last administrator stays one', rolesIn, [])
    .addHelpText(
      'after',
      `
Roles given are in the next sign-in; roles taken away end the account's sign-ins and API keys at once. Nobody needs the
role vendor given: who becomes a vendor (POST /vendors, or \`import\`) has it once an administrator approves.

Examples:
  npm run autopilot -- roles --grant auditor,operator             # oneself, to use audit, projections and sagas
  npm run autopilot -- roles ada@example.org --grant auditor
  npm run autopilot -- roles ada@example.org --revoke auditor`,
    )
    .action(async (who: string | undefined, { grant, revoke }: Options, command) => {
      const session = sessionOf(command);
      const client = session.client('admin');
      const account = await accountOf(client, who);
      const before = rolesOf(account);
      const roles = grantable.filter(
        (role) => !revoke.includes(role) && (before.includes(role) || grant.includes(role)),
      );
      if (roles.join() !== before.join()) await client.ok('PUT', `/accounts/${textOf(account, 'id')}/roles`, { roles });
      const { id, email } = account;
      session.result(
        { id, email, roles: ['customer', ...roles] },
        `${String(email)}: ${['customer', ...roles].join(', ')}\n`,
      );
    });
};
