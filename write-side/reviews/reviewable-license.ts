import { domainError } from '../../domain/errors.ts';
import { type IssuedLicense, licenseDecider, stateAt } from '../../domain/license/license.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced } from '../../domain/order/state.ts';
import type { Documents, ReadModelClock } from '../../infra/documents/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Handling } from '../handling/handling.ts';

export type LicenseFinder = {
  readonly handling: Handling;
  /** The read model `licenses` names the buyer's licences; each is looked at on its own stream. */
  readonly documents: Documents;
  readonly readModels: ReadModelClock;
  readonly store: Pick<EventStore, 'head'>;
};

type Asked = { readonly productId: string; readonly ownerId: string; readonly now: string };

const waitMs = 5_000;
/** So many licences of one product an account may own before the oldest ones can't carry a review any more. */
const looked = 200;

const issued = async ({ handling, documents }: LicenseFinder, asked: Asked): Promise<readonly IssuedLicense[]> => {
  const found = await documents.find('licenses', {
    where: { ownerId: asked.ownerId, productId: asked.productId },
    order: [{ field: 'issuedAt', direction: 'desc' }],
    limit: looked,
  });
  const states = await Promise.all(found.map(({ id }) => handling.load(licenseDecider, id)));
  return states.flatMap(({ state }) =>
    state.status !== 'none' && state.ownerId === asked.ownerId && state.productId === asked.productId ? [state] : [],
  );
};

const isFulfilled = async (handling: Handling, orderId: string): Promise<boolean> => {
  const { state } = await handling.load(orderDecider, orderId);
  return isPlaced(state) && (state.status === 'fulfilled' || state.status === 'partiallyRefunded');
};

const standing = async (
  deps: LicenseFinder,
  licenses: readonly IssuedLicense[],
  now: string,
): Promise<IssuedLicense | undefined> => {
  for (const license of licenses)
    if (stateAt(license, now) === 'active' && (await isFulfilled(deps.handling, license.orderId))) return license;
  return undefined;
};

/**
 * The licence on which its owner may review the product: active, of a fulfilled order, decided on their streams. The read
 * model only names candidates; before a refusal it is waited for, so that nobody is refused because it is behind.
 * @throws DomainError FORBIDDEN without any licence of the product, LICENSE_STATE when none stands, READ_MODEL_BEHIND
 */
export const reviewableLicense = async (deps: LicenseFinder, asked: Asked): Promise<IssuedLicense> => {
  const head = await deps.store.head();
  const atOnce = await standing(deps, await issued(deps, asked), asked.now);
  if (atOnce !== undefined) return atOnce;
  if (head !== undefined && !(await deps.readModels.reached(['licenses'], head, waitMs)))
    throw domainError('READ_MODEL_BEHIND');
  const licenses = await issued(deps, asked);
  const license = await standing(deps, licenses, asked.now);
  if (license !== undefined) return license;
  if (licenses.length === 0) throw domainError('FORBIDDEN', 'Only who bought the product may review it.');
  throw domainError('LICENSE_STATE', 'A review needs a fulfilled order whose licence is active.');
};
