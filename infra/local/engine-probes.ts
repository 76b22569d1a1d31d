import type { EngineProbe } from '../../read-api/operator/engine-route.ts';
import type { PaymentProvider } from '../payments/port.ts';
import type { Ports } from './ports.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const nothing = async function* (): AsyncGenerator<Uint8Array> {};

/** Small questions to every engine; the adapters are the embedded ones. */
export const engineProbes = (ports: Ports, provider: PaymentProvider): readonly EngineProbe[] => {
  const { store, readModels, counters, objects, secrets, scanner } = ports;
  const engine = (name: string, adapter: string, probe: () => Promise<string | null>): EngineProbe => ({
    ...{ name, adapter, probe },
  });
  return [
    engine('eventStore', 'sqlite', async () => `position ${(await store.head()) ?? 'none'}`),
    engine('readModels', 'sqlite', async () => `${(await readModels.sink.generations()).length} generations`),
    engine('search', 'sqlite-fts5', async () => {
      await readModels.search('search').suggest('a', 1);
      return null;
    }),
    engine('cache', 'in-process', async () => {
      await counters.hit('engine probe', 1_000);
      return null;
    }),
    engine('objects', 'folder', async () => {
      await objects.size(`probe/${'0'.repeat(64)}`);
      return null;
    }),
    engine('secrets', 'sqlite', async () => {
      await secrets.get('probe', nobody);
      return null;
    }),
    engine('payments', 'simulated', async () => {
      await provider.findCharge(nobody);
      return null;
    }),
    engine('scanner', 'builtin', async () => (await scanner.scan(nothing())).engine),
  ];
};
