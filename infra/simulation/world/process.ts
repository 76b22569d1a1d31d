import { pino } from 'pino';
import { localCounters } from '../../cache/local-counters.ts';
import type { Config } from '../../config/config.ts';
import type { DecodeMemory } from '../../event-codec/decode.ts';
import type { Ports } from '../../local/ports.ts';
import { type DoorParts, startSystem } from '../../local/system.ts';
import { builtinScanner } from '../../scanner/builtin-scanner.ts';
import { type MemoryEventStore, openMemoryEventStore } from '../stores/memory-event-store.ts';
import { memoryObjects } from '../stores/memory-objects.ts';
import { openMemoryReadModels } from '../stores/memory-read-models.ts';
import { memorySecrets } from '../stores/memory-secrets.ts';
import { plainHasher, plainSigner, plainTokens } from '../stores/plain-secrecy.ts';
import { begin, clockOf, forever, type Life } from './life.ts';
import { type PortCalls, portCalls } from './port-calls.ts';
import type { World } from './world.ts';

/** One start of the system, until it dies. */
export type Process = {
  readonly life: Life;
  readonly calls: PortCalls;
  /** Resolves when it serves; rejects when it could not start. Never settles when it died before. */
  readonly started: Promise<void>;
  /** Its way to the log: what a crash keeps is decided there. */
  readonly store: MemoryEventStore;
};

const log = pino({ level: process.env.SIMULATION_LOG ?? 'silent' });

/** What was read of the logs of this thread's worlds: they share the events of the market, and a process starts many times. */
const decoded: DecodeMemory = new WeakMap();

/** How long the disk takes to sync at most, milliseconds. */
const slowestSyncMs = 12;

/** The world as a process reaches it. */
export const portsOf = (world: World, life: Life, calls: PortCalls, store: MemoryEventStore): Ports => {
  const { through } = calls;
  const clock = clockOf(life, world.wallMs);
  const models = openMemoryReadModels(world.readModels);
  const mailer = {
    send: async (mail: Parameters<Ports['mail']['send']>[0]): Promise<void> => {
      const known = world.mails.get(mail.id);
      world.mails.set(mail.id, { mail: known?.mail ?? mail, times: (known?.times ?? 0) + 1 });
    },
  };
  const erasures: Ports['erasures'] = {
    add: async (erasure) => {
      if (!world.erasures.has(erasure.personId)) world.erasures.set(erasure.personId, erasure);
    },
    all: async () => [...world.erasures.values()],
  };
  const signedHeads: Ports['signedHeads'] = {
    keep: async (head) => {
      const kept = world.signedHeads;
      const known = kept.heads.some(({ events, head: hash }) => events === head.events && hash === head.head);
      if (!known) kept.heads = [...kept.heads, head].sort((a, b) => a.events - b.events || a.signedAt - b.signedAt);
    },
    list: async () => world.signedHeads.heads,
    verifiedUpTo: async () => world.signedHeads.verifiedUpTo,
    setVerifiedUpTo: async (position) => {
      world.signedHeads.verifiedUpTo = position;
    },
    close: () => {},
  };
  const { provider } = world;
  const reaching = through('provider', provider, [
    'charge',
    'confirmCharge',
    'abandonCharge',
    'refund',
    'payOut',
    'submitEvidence',
  ]);
  return {
    ...{ clock, log },
    random: world.random,
    store: through('store', store, ['append']),
    readModels: {
      // What has changed is known in memory: to ask for it is no call.
      documents: { ...through('readModels', models.documents, []), changes: models.documents.changes },
      sink: through('readModels', models.sink, [
        'create',
        'write',
        'advance',
        'activate',
        'drop',
        'park',
        'removeDeadLetters',
      ]),
      search: (projection) => through('readModels', models.search(projection), []),
      audit: (projection) => through('readModels', models.audit(projection), []),
      erasure: through('readModels', models.erasure, ['remove', 'scrub']),
      close: () => {},
    },
    documentsAsOf: {
      find: async () => {
        throw new Error('documents of the past are folded by a thread, which is not simulated');
      },
      close: async () => {},
    },
    secrets: through('secrets', memorySecrets(world.secrets), ['put', 'remove', 'removeByOwner', 'removeExpired']),
    hasher: plainHasher,
    tokens: plainTokens(clock),
    objects: through('objects', memoryObjects(world.objects), ['write', 'remove']),
    scanner: through('scanner', builtinScanner(), []),
    counters: localCounters(clock),
    payments: (deliver) => {
      world.deliverTo(async (rawBody, headers) => {
        if (!life.alive()) throw new Error('connection refused');
        const lost = life.died.then((): never => {
          throw new Error('connection reset');
        });
        return Promise.race([life.wait(0).then(() => deliver(rawBody, headers)), lost]);
      });
      return {
        // Reading a webhook is no call: it answers at once.
        provider: { ...methodsOf(reaching), readWebhook: provider.readWebhook },
        simulator: { setWebhookChaos: provider.setWebhookChaos, start: () => forever(), close: async () => {} },
      };
    },
    mail: through('mail', mailer, ['send']),
    erasures: through('erasures', erasures, ['add']),
    signer: plainSigner,
    signedHeads: through('signedHeads', signedHeads, ['keep', 'setVerifiedUpTo']),
  };
};

/** The calls of a provider as members of a plain object. */
const methodsOf = (provider: World['provider']): Omit<World['provider'], 'readWebhook'> => ({
  charge: (request) => provider.charge(request),
  findCharge: (id) => provider.findCharge(id),
  confirmCharge: (id) => provider.confirmCharge(id),
  abandonCharge: (id) => provider.abandonCharge(id),
  refund: (request) => provider.refund(request),
  findRefund: (id) => provider.findRefund(id),
  payOut: (request) => provider.payOut(request),
  findPayout: (id) => provider.findPayout(id),
  submitEvidence: (request) => provider.submitEvidence(request),
  setWebhookChaos: (chaos) => provider.setWebhookChaos(chaos),
  start: (signal) => provider.start(signal),
  close: () => provider.close(),
});

/** Starts the system on what is left of the world. */
export const startProcess = (world: World, config: Config, door: DoorParts): Process => {
  const life = begin(world.timeline);
  const calls = portCalls(world, life);
  const store = openMemoryEventStore(world.log, (done) => {
    life.after(world.draw.between(1, slowestSyncMs), done);
  });
  const starting = startSystem(config, portsOf(world, life, calls, store), { door, decoded });
  const started = starting.then(
    () => undefined,
    (error) => (life.alive() ? Promise.reject(error) : forever<undefined>()),
  );
  return { life, calls, started, store };
};
