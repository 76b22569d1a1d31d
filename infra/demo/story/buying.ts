import type { Buyer } from './cast.ts';
import { product, type World } from './world.ts';

export type Purchase = {
  readonly refs: readonly string[];
  readonly method?: string;
  readonly coupon?: string;
  readonly team?: true;
  readonly quantity?: number;
  readonly company?: string;
};

/** Places an order and answers its id; what comes of it comes by itself. */
export const order = (world: World, who: Buyer, purchase: Purchase): Promise<string> => {
  const { refs, method = 'pm_card_visa', coupon, team, quantity = 1, company } = purchase;
  const items = refs.map((ref) => {
    const { id, offer, currency } = product(world, ref);
    const tierId = offer.team === undefined ? 'standard' : team ? 'team' : 'personal';
    const amount = team && offer.team !== undefined ? offer.team : offer.price;
    return { productId: id, tierId, quantity, expectedPrice: { amount, currency } };
  });
  return who.make('/orders', {
    items,
    paymentMethod: method,
    ...(coupon === undefined ? {} : { couponCode: coupon }),
    billing: { country: who.country, name: company ?? who.name },
  });
};

/** The ids of an order's licences. */
export const licensesOf = async ({ stage }: World, orderId: string): Promise<readonly string[]> =>
  (await stage.happened('license')).flatMap(({ type, data }) =>
    type === 'LicenseIssued' && data.orderId === orderId ? [data.licenseId] : [],
  );

export const linesOf = async ({ stage }: World, orderId: string): Promise<readonly string[]> =>
  (await stage.happened('order')).flatMap(({ type, data }) =>
    type === 'OrderPlaced' && data.orderId === orderId ? data.lines.map(({ lineId }) => lineId) : [],
  );

const machines = ['n8n-prod', 'hetzner-cx22', 'homelab', 'studio-mac', 'staging', 'k3s-node-1', 'office-nas'];

/** The buyer takes the file and runs it on a machine. */
export const use = async ({ stage }: World, who: Buyer, licenseId: string): Promise<void> => {
  await who.ask('POST', '/downloads', { licenseId });
  if (stage.chance() < 0.25) return;
  const machine = machines[Math.floor(stage.chance() * machines.length)] ?? 'n8n-prod';
  await who.ask('POST', `/licenses/${licenseId}/activations`, {
    machine,
    name: `${machine} of ${who.name.split(' ')[0]}`,
  });
};
