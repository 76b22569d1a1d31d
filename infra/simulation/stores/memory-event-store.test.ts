import { expect, it } from 'vitest';
import { eventStoreContract } from '../../event-store/contract.ts';
import { all, someEvents } from '../../event-store/contract-kit.ts';
import { openLogDisk } from './log-disk.ts';
import { openMemoryEventStore } from './memory-event-store.ts';

const wallMs = (): number => 1_764_000_000_000;

eventStoreContract('the simulated disk', async () => {
  const disk = openLogDisk(wallMs);
  const open = () => openMemoryEventStore(disk, setImmediate);
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    dispose: () => store.close(),
  };
});

it('a crash keeps a prefix of what was not synced, and loses the rest', async () => {
  const disk = openLogDisk(wallMs);
  const store = openMemoryEventStore(disk, () => {});
  for (const stream of ['a-1', 'a-2', 'a-3']) void store.append(stream, 'no_stream', someEvents(2));
  expect(disk.events).toEqual([]);
  store.crash(2);
  const again = openMemoryEventStore(disk, setImmediate);
  expect((await all(again.readAll())).map(({ stream }) => stream)).toEqual(['a-1', 'a-1', 'a-2', 'a-2']);
});
