import { workflowFile } from '../../local/test-client.ts';
import { asked, posted, textOf, uploaded } from '../../local/test-door.ts';
import { shopNames, signedIn, tokenOf } from '../../local/test-market.ts';
import { Broken, holds, same } from '../expecting.ts';
import { adminOf, as, atRest, buyerOf, counted, type Errand, type Recorded, untilAt } from './errand.ts';

const listing = (title: string) => ({
  ...{ title, description: 'Sorts.', kind: 'n8n-workflow', category: 'Finance', tags: ['mail'] },
  price: { amount: 500, currency: 'USD' },
});

/** Versions of an own product, which are on the disk when their upload was answered, and clean some time later. */
export const uploadsVersions: Errand = async (scene) => {
  const { door } = scene;
  const token = await tokenOf(door, shopNames[0]);
  const body = listing(`Versions of ${scene.name('flow')}`);
  const id = textOf(await posted(door, '/products', body, as(scene, token, 'draft')), 'id');
  for (const version of ['1.0.0', '1.1.0']) {
    const file = workflowFile(`${scene.name('flow')} ${version}`);
    await uploaded(door, id, file, version, as(scene, token, `upload-${version}`));
    await untilAt(scene, `/products/${id}/versions/${version}`, token, 'clean', ({ state }) => state === 'clean');
  }
  counted(scene, 'uploaded');
};

/** A new product with few pieces, and more buyers than pieces. */
export const sellsFewPieces: Errand = async (scene) => {
  const { door, diary } = scene;
  const token = await tokenOf(door, shopNames[0]);
  const body = { ...listing(`Few of ${scene.name('few')}`), stock: 2 };
  const productId = textOf(await posted(door, '/products', body, as(scene, token, 'draft')), 'id');
  await uploaded(door, productId, workflowFile(scene.name('few')), '1.0.0', as(scene, token, 'upload'));
  await posted(door, `/products/${productId}/submit`, {}, as(scene, token, 'submit'));
  const approval = { reason: 'fine' };
  await posted(door, `/products/${productId}/approve`, approval, as(scene, await adminOf(scene), 'approve'));
  await untilAt(scene, `/products/${productId}`, token, 'on sale', ({ state }) => state === 'published');
  const buyer = await buyerOf(scene);
  const order = {
    items: [{ productId, quantity: 1, expectedPrice: { amount: 500, currency: 'USD' } }],
    paymentMethod: 'pm_card_visa',
  };
  const replies = await Promise.all(
    [0, 1, 2, 3].map((i) => asked(door, 'POST', '/orders', order, as(scene, buyer, `buy-${i}`))),
  );
  const accepted = replies.filter(({ status }) => status === 202).map(({ text }) => textOf(JSON.parse(text), 'id'));
  for (const { status, text } of replies)
    holds(status === 202 || text.includes('OUT_OF_STOCK'), `two pieces: ${status} ${text}`);
  holds(accepted.length <= 2, `two pieces were sold to ${accepted.length} orders`);
  for (const id of accepted) {
    diary.orders.add(id);
    await atRest(scene, id, buyer);
  }
  counted(scene, 'sold few pieces');
};

type Line = { readonly status: number; readonly id?: string } & Partial<Recorded>;

/** Sends the file and hears its results line by line, as far as they come. */
const imported = async (address: string, file: string, token: string, key: string): Promise<readonly Line[]> => {
  const heard: string[] = [];
  try {
    const answer = await fetch(`${address}/api/v1/products/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}`, 'idempotency-key': key },
      body: file,
    });
    if (answer.status === 401) return [{ status: 401 }];
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) heard.push(decoder.decode(chunk, { stream: true }));
  } catch {
    // Killed on the way: what was heard until then was acknowledged.
  }
  const lines = heard.join('').split('\n').slice(0, -1);
  return lines.map((line): Line => JSON.parse(line));
};

const rows = 40;

/** A file is imported, and again after each time that it did not come to its end: no line makes a second product. */
export const imports: Errand = async (scene) => {
  const { door, town, diary } = scene;
  const file = Array.from({ length: rows }, (_, n) => JSON.stringify(listing(`Line ${n} of ${scene.name('file')}`)));
  const known = new Map<number, string | undefined>();
  for (let tries = 0; tries < 100; tries += 1) {
    const token = await signedIn(door, shopNames[2]);
    const heard = await imported(await town.address(), `${file.join('\n')}\n`, token, scene.name('import'));
    for (const [index, { status, id, stream, revision, position }] of heard.entries()) {
      if (status === 401 || status === 503) break;
      same(status, 201, `line ${index} of an import: ${JSON.stringify(heard[index])}`);
      if (known.has(index)) same(id, known.get(index), `line ${index}, imported again`);
      known.set(index, id);
      if (stream !== undefined && revision !== undefined && position !== undefined)
        diary.lines.push({ stream, revision, position });
    }
    if (known.size === rows && heard.length === rows) {
      same(new Set(known.values()).size, rows, 'products of an import');
      return counted(scene, 'imported');
    }
    await door.pause();
  }
  throw new Broken('an import never came to its end');
};
