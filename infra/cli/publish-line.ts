import { type Client, textOf } from './client.ts';
import type { Seller } from './seller.ts';
import { unlessRefused } from './unless-refused.ts';
import { type CatalogueLine, workflowOfLine } from './workflow-of-line.ts';

const version = '1.0.0';

const uploadOf = (line: CatalogueLine): FormData => {
  const form = new FormData();
  form.set('version', version);
  const file = new Blob([JSON.stringify(workflowOfLine(line))], { type: 'application/json' });
  form.set('file', file, 'workflow.json');
  return form;
};

/**
 * Uploads a workflow for the product, asks for publication and approves it; every step under a key of its own, so that it may
 * be done again after any crash; what another run, or another person, has done already is as good. The product is on sale a moment later, when the file has been scanned. Answers the position
 * of the last step.
 */
export const publishLine = async (
  { client, approver }: Pick<Seller, 'approver'> & { readonly client: Client },
  productId: string,
  line: CatalogueLine,
): Promise<string | undefined> => {
  const path = `/products/${productId}`;
  const key = (step: string) => ({ key: `autopilot-import-${productId}-${step}` });
  await unlessRefused(client.ok('POST', `${path}/versions`, uploadOf(line), key('upload')), 'VERSION_EXISTS');
  const submitted = await unlessRefused(client.ok('POST', `${path}/submit`, undefined, key('submit')), 'PRODUCT_STATE');
  if (approver === undefined) return submitted && textOf(submitted, 'position');
  const approved = await unlessRefused(
    approver.ok('POST', `${path}/approve`, { reason: 'imported' }, key('approve')),
    'PRODUCT_STATE', // without PRODUCT_APPROVAL it is on sale already
  );
  const last = approved ?? submitted;
  return last && textOf(last, 'position');
};
