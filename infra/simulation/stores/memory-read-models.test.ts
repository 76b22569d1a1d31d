import { expect, it } from 'vitest';
import { auditContract } from '../../audit/contract.ts';
import { documentsContract, type ReadModelWorld } from '../../documents/contract.ts';
import { openMemoryReadModels } from './memory-read-models.ts';
import { openReadModelDisk, type ReadModelDisk } from './read-model-disk.ts';

const worldOn = (disk: ReadModelDisk): ReadModelWorld => {
  const { documents, sink } = openMemoryReadModels(disk);
  return { documents, sink, reopen: async () => worldOn(disk), close: async () => {} };
};
documentsContract('the simulated disk', async () => worldOn(openReadModelDisk()));

auditContract('the simulated disk', async () => {
  const { audit, sink } = openMemoryReadModels(openReadModelDisk());
  return { audit: audit('audit'), sink, close: async () => {} };
});

it('a power cut loses whole transactions, the last ones, and nothing that was synced', async () => {
  const disk = openReadModelDisk();
  const { sink, documents } = openMemoryReadModels(disk);
  const ref = { projection: 'things', generation: 1 };
  await sink.create({ ...ref, version: 1, kind: 'documents', indexes: [], state: 'live', bornAt: undefined });
  const write = (n: number, after: bigint | undefined) =>
    sink.write(ref, {
      puts: [{ id: 'a', document: { n }, position: BigInt(n) }],
      ...{ removes: [], deadLetters: [], after, checkpoint: BigInt(n) },
    });
  await write(1, undefined);
  disk.sync();
  await write(2, 1n);
  await write(3, 2n);
  disk.loseLast(1);
  expect([await documents.get('things', 'a'), await documents.position('things')]).toEqual([{ n: 2 }, 2n]);
  await write(4, 2n);
  disk.loseLast(99);
  expect([await documents.get('things', 'a'), await documents.position('things')]).toEqual([{ n: 2 }, 2n]);
});
