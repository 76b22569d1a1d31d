import type { FastifyBaseLogger } from 'fastify';
import { headSigner } from '../audit/head-signer.ts';
import { openSignedHeads } from '../audit/sqlite/signed-heads.ts';
import { localCounters } from '../cache/local-counters.ts';
import type { Clock } from '../clock/port.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { openSqliteReadModels } from '../documents/sqlite/open-read-models.ts';
import { fileErasures } from '../erasures/file-erasures.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { openOutbox } from '../mail/outbox/open-outbox.ts';
import { folderObjects } from '../objects/folder-objects.ts';
import { openSimulatedProvider } from '../payments/simulated/open-simulated-provider.ts';
import type { Random } from '../random/port.ts';
import { systemRandom } from '../random/system-random.ts';
import { builtinScanner } from '../scanner/builtin-scanner.ts';
import { accessTokens } from '../secrets/access-tokens.ts';
import { argon2Hasher } from '../secrets/argon2.ts';
import { masterKeyFrom } from '../secrets/master-key.ts';
import { openSqliteSecrets } from '../secrets/sqlite/open-sqlite-secrets.ts';
import { documentsOnThread } from './as-of-thread.ts';
import type { DataFolder } from './data-folder.ts';
import type { Ports } from './ports.ts';
import { readModelFiles } from './read-model-files.ts';

/** What a system on a folder may have of its own: time, chance, and whether each append is on the disk when answered. */
export type EmbeddedOptions = { readonly clock: Clock; readonly random: Random; readonly durable: boolean };

/** The machine's own. */
const ofTheMachine = (): EmbeddedOptions => {
  const clock = systemClock();
  return { clock, random: systemRandom(clock), durable: true };
};

/** Every port by its embedded adapter, on one data folder. */
export const embeddedPorts = async (
  config: Config,
  folder: Pick<DataFolder, 'path'>,
  log: FastifyBaseLogger,
  options: EmbeddedOptions = ofTheMachine(),
): Promise<Ports> => {
  const { clock, random, durable } = options;
  const masterKey = await masterKeyFrom({
    ...(config.MASTER_KEY === undefined ? {} : { env: config.MASTER_KEY }),
    file: folder.path('master.key'),
    random,
  });
  const secrets = openSqliteSecrets({ file: folder.path('secrets.sqlite'), masterKey, random, durable });
  const webhookSecret = Buffer.from(masterKey).toString('hex');
  const readModels = readModelFiles(folder.path);
  const outbox = openOutbox({ file: folder.path('outbox.sqlite'), secrets, clock, durable });
  return {
    clock,
    random,
    documentsAsOf: documentsOnThread({
      log: folder.path('log.sqlite'),
      readModels,
      secrets: folder.path('secrets.sqlite'),
      masterKey,
    }),
    store: openSqliteEventStore({ file: folder.path('log.sqlite'), clock, durable }),
    readModels: openSqliteReadModels({ ...readModels, durable, cacheMb: config.CACHE_MB, clock }),
    secrets,
    hasher: argon2Hasher({ random }),
    tokens: await accessTokens({ secrets, clock, random, issuer: 'autopilot' }),
    objects: await folderObjects({ dir: folder.path('objects'), random }),
    scanner: builtinScanner(),
    counters: localCounters(clock),
    payments: (deliver) => {
      const simulator = openSimulatedProvider({
        file: folder.path('simulated-provider.sqlite'),
        ...{ clock, random, webhookSecret, deliver, durable },
        actionTtlMs: config.PAYMENT_TIMEOUT_S * 1000,
      });
      return { provider: simulator, simulator };
    },
    log,
    mail: outbox,
    outbox,
    erasures: fileErasures(folder.path('erasures.ndjson')),
    signedHeads: openSignedHeads({ file: folder.path('audit-heads.sqlite'), durable }),
    signer: await headSigner(secrets, clock, random),
  };
};
