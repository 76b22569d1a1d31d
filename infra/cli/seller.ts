import { type Body, type Client, textOf } from './client.ts';
import type { Session } from './command.ts';
import { signInFrom } from './session.ts';
import { unlessRefused } from './unless-refused.ts';
import { until } from './until.ts';

/** Who sells what is imported, and who may say yes to it. */
export type Seller = {
  readonly client: Client;
  readonly vendorId: string;
  /** An administrator; undefined: nobody who could approve is signed in. */
  readonly approver: Client | undefined;
  /** Where the last of this was recorded, when it was just now: what reads about the vendor has to wait for. */
  readonly position: string | undefined;
};

const isAdmin = ({ roles }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(roles) && roles.includes('admin');

/** A run that broke off a moment ago may have made the vendor: the account knows it at once, the read models a moment later. */
const vendorOf = (session: Session, client: Client, vendorId: string): Promise<Body> => {
  const path = `/vendors/${vendorId}`;
  return until(session.terminal, `${path} in the read models`, async () => {
    return unlessRefused(client.ok('GET', path), 'NOT_FOUND');
  });
};

/**
 * The account that is signed in sells. One that sells nothing yet becomes the vendor `displayName`, and is approved at once
 * where an administrator is at hand: the account itself, else AUTOPILOT_ADMIN_EMAIL and AUTOPILOT_ADMIN_PASSWORD.
 */
export const sellerFor = async (session: Session, displayName: string): Promise<Seller> => {
  const { env, err } = session.terminal;
  const client = session.client();
  const me = await client.ok('GET', '/me');
  const other = signInFrom({}, env, 'AUTOPILOT_ADMIN');
  const approver = isAdmin(me) ? client : other === undefined ? undefined : session.as(other);
  if (typeof me.vendorId === 'string') {
    const { state } = await vendorOf(session, client, me.vendorId);
    // A run before this one broke off; one that is approved already stays so.
    const approved =
      state === 'pending' ? await approver?.ok('POST', `/vendors/${me.vendorId}/approve`, {}) : undefined;
    return { client, vendorId: me.vendorId, approver, position: approved && textOf(approved, 'position') };
  }

  const made = await client.ok('POST', '/vendors', { displayName, country: 'US', defaultCurrency: 'USD' });
  const vendorId = textOf(made, 'id');
  err(`${textOf(me, 'email')} is now the vendor "${displayName}"\n`);
  const approved = await approver?.ok('POST', `/vendors/${vendorId}/approve`, {});
  // The role comes with the next token.
  const seller = session.client();
  const position = textOf(approved ?? made, 'position');
  return { client: seller, vendorId, approver: isAdmin(me) ? seller : approver, position };
};
