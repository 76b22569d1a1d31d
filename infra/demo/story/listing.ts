import { describeWorkflow } from '../../../domain/workflow/describe-workflow.ts';
import { parseWorkflow } from '../../../domain/workflow/parse-workflow.ts';
import type { Offer } from '../workflows/offer.ts';
import { currencyOf } from './cast.ts';
import type { World } from './world.ts';

const tiersOf = ({ price, team }: Offer, currency: string) =>
  team === undefined
    ? { price: { amount: price, currency } }
    : {
        licenseTiers: [
          { id: 'personal', name: 'Personal', price: { amount: price, currency }, activationLimit: 3 },
          { id: 'team', name: 'Team', price: { amount: team, currency }, activationLimit: 25 },
        ],
      };

/** The services that its file uses, as cards name them. */
const servicesOf = ({ versions }: Offer): readonly string[] => {
  const parsed = parseWorkflow(versions.at(-1)?.file ?? '');
  return parsed.ok ? describeWorkflow(parsed.workflow).integrations : [];
};

const bodyOf = (offer: Offer, currency: string) => {
  const { title, summary, description, category, tags, kind = 'n8n-workflow', stock } = offer;
  return {
    ...{ title, summary, description, category, tags, kind, integrations: servicesOf(offer) },
    ...tiersOf(offer, currency),
    ...(stock === undefined ? {} : { stock }),
  };
};

const upload = async ({ cast, stage }: World, offer: Offer, id: string, which: number): Promise<void> => {
  const version = offer.versions[which];
  if (version === undefined) throw new Error(`${offer.ref} has no version ${which}`);
  const { file, version: name, notes } = version;
  const fields = { version: name, ...(notes === undefined ? {} : { notes }) };
  await cast.vendors[offer.vendor].upload(`/products/${id}/versions`, fields, file);
  await stage.settle();
};

/** Drafts it and uploads its first version. */
export const draft = async (world: World, offer: Offer): Promise<string> => {
  const currency = offer.currency ?? currencyOf[offer.vendor];
  const id = await world.cast.vendors[offer.vendor].make('/products', bodyOf(offer, currency));
  world.listed.set(offer.ref, { id, offer, currency });
  await upload(world, offer, id, 0);
  return id;
};

/** The same, and asks for publication. */
export const submit = async (world: World, offer: Offer): Promise<string> => {
  const id = await draft(world, offer);
  await world.cast.vendors[offer.vendor].ask('POST', `/products/${id}/submit`);
  return id;
};

export const publish = async (world: World, offer: Offer): Promise<void> => {
  const id = await submit(world, offer);
  await world.cast.admin.ask('POST', `/products/${id}/approve`, {
    reason: 'Imported into a test instance, does as it says.',
  });
  world.onSale.add(offer.ref);
};

/** Uploads the version after those before. */
export const release = (world: World, ref: string, which: number): Promise<void> => {
  const listed = world.listed.get(ref);
  if (listed === undefined) throw new Error(`${ref} is not listed yet`);
  return upload(world, listed.offer, listed.id, which);
};
