/**
 * The embedded system on the data folder given, with a payment provider that captures at once (`instant`) or the simulated one
 * (`simulated`). Tells how many licences and settled orders the log has had since it started, whenever there are more.
 */
import { pino } from 'pino';
import { readConfig } from '../config/config.ts';
import { takeDataFolder } from '../local/data-folder.ts';
import { embeddedPorts } from '../local/embedded-ports.ts';
import { startSystem } from '../local/system.ts';
import { instantProvider } from './instant-provider.ts';
import { benchEnv } from './seed/market.ts';

const [dir = '', provider] = process.argv.slice(2);
const config = readConfig({ ...benchEnv, DATA_DIR: dir });
const folder = takeDataFolder(dir);
const embedded = await embeddedPorts(config, folder, pino({ level: 'warn' }));
const ports = provider === 'instant' ? { ...embedded, payments: () => ({ provider: instantProvider() }) } : embedded;
const system = await startSystem(config, ports);
await system.app.listen({ host: '127.0.0.1', port: 0 });
const address = system.app.server.address();
const stopping = new AbortController();
const count = { licenses: 0, settled: 0 };

const follow = async (): Promise<void> => {
  const after = await ports.store.head();
  const filter = { types: ['LicenseIssued', 'OrderSettled'] };
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
  for await (const { events } of ports.store.subscribe({
    ...(after === undefined ? {} : { after }),
    ...{ filter, signal: stopping.signal },
  })) {
    for (const { type } of events) count[type === 'LicenseIssued' ? 'licenses' : 'settled'] += 1;
    if (events.length > 0) process.send?.(count);
  }
};

process.on('SIGTERM', () => {
  stopping.abort();
  system.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
await follow();
