import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { systemClock } from '../clock/system-clock.ts';
import { type Config, configHelp, InvalidConfig, isLoopback, readConfig } from '../config/config.ts';
import { type SignIn, signInText } from '../demo/sign-ins.ts';
import { type DataFolder, DataFolderInUse, takeDataFolder } from './data-folder.ts';
import type { System } from './system.ts';

const drainMs = 9_000;
/** Beside the packages, which are as old as this installation: what was stripped and compiled once is not again at the next start. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** Loads the system only after the compile cache is there for it. `signIns`: those of the demo, where it is on. */
const started = async (
  config: Config,
  folder: DataFolder,
  log: FastifyBaseLogger,
): Promise<{ readonly system: System; readonly signIns: readonly SignIn[] | undefined }> => {
  enableCompileCache(compiled);
  const [{ openDemo }, { embeddedPorts }, { startSystem }] = await Promise.all([
    import('../demo/demo.ts'),
    import('./embedded-ports.ts'),
    import('./system.ts'),
  ]);
  const signIns = await openDemo(config, folder, log, systemClock().now());
  const options = signIns === undefined ? {} : { signIns };
  return { system: await startSystem(config, await embeddedPorts(config, folder, log), options), signIns };
};

/** The embedded system in one process: configuration → adapters → application → listen → graceful shutdown. */
const main = async (): Promise<void> => {
  if (process.argv.includes('--help')) {
    console.log(configHelp());
    return;
  }
  const config = readConfig(process.env);
  const log = pino({ level: config.LOG_LEVEL });
  const folder = takeDataFolder(config.DATA_DIR);
  const { system, signIns } = await started(config, folder, log);
  const address = await system.app.listen({ host: config.HOST, port: config.PORT });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'draining');
    setTimeout(() => {
      log.error('did not drain in time');
      process.exit(1);
    }, drainMs).unref();
    await system.stop();
    folder.release();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.fatal({ err: error }, 'could not stop cleanly');
        process.exit(1);
      });
    });
  }
  if (signIns !== undefined && !isLoopback(config.HOST))
    log.warn({ host: config.HOST }, 'DEMO is on and others may reach this address: its sign-ins are public');
  if (config.ADMIN_EMAIL === undefined && signIns === undefined)
    log.warn('no ADMIN_EMAIL is set: set it with ADMIN_PASSWORD to have a first administrator');
  if (signIns !== undefined) console.log(signInText(signIns, address));
  log.info({ address, dataDir: config.DATA_DIR }, 'ready');
};

main().catch((error: unknown) => {
  const expected = error instanceof InvalidConfig || error instanceof DataFolderInUse;
  console.error(expected ? error.message : error);
  process.exit(1);
});
