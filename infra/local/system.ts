import type { FastifyInstance } from 'fastify';
import { projectionControlDecider } from '../../domain/projection-control/projection-control.ts';
import { buildGateway } from '../../gateway/app.ts';
import { pageRoutes } from '../../gateway/pages.ts';
import type { Projection } from '../../projections/definition.ts';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection, auditVersion } from '../../projections/engine/source.ts';
import { startProjections } from '../../projections/engine/start-projections.ts';
import type { DemoSignIn } from '../../read-api/demo/sign-ins-route.ts';
import { readApiService } from '../../read-api/service.ts';
import { administrators } from '../../write-side/accounts/administrators.ts';
import { apiKeys as openApiKeys } from '../../write-side/accounts/api-keys.ts';
import { authenticator } from '../../write-side/accounts/authenticate.ts';
import { csrfTokenOf } from '../../write-side/accounts/browser-cookies.ts';
import { openCredentials } from '../../write-side/accounts/credentials.ts';
import { ensureFirstAdministrator } from '../../write-side/accounts/first-administrator.ts';
import { sessions as openSessions } from '../../write-side/accounts/sessions.ts';
import { booksReactor } from '../../write-side/books/books-reactor.ts';
import { vendorBooks } from '../../write-side/books/vendor-books.ts';
import { cartReactor } from '../../write-side/cart/cart-reactor.ts';
import { checkoutReactor } from '../../write-side/checkout/checkout-reactor.ts';
import { emailReleaseReactor } from '../../write-side/erasure/email-release-reactor.ts';
import { eraseAgain } from '../../write-side/erasure/erase-again.ts';
import { erasureReactor } from '../../write-side/erasure/erasure-reactor.ts';
import { commandHandling } from '../../write-side/handling/handling.ts';
import { idFrom } from '../../write-side/handling/ids.ts';
import { hashLicenseKey, licenseKey } from '../../write-side/licenses/license-key.ts';
import { mailReactor } from '../../write-side/notifications/mail-reactor.ts';
import { notifyReactor } from '../../write-side/notifications/notify-reactor.ts';
import { couponHoldReactor, stockHoldReactor } from '../../write-side/orders/hold-reactors.ts';
import { maturityReactor } from '../../write-side/payouts/maturity-reactor.ts';
import { payoutReactor } from '../../write-side/payouts/payout-reactor.ts';
import { payoutRequestReactor } from '../../write-side/payouts/payout-request-reactor.ts';
import { publicationReactor } from '../../write-side/publication/publication-reactor.ts';
import { deskDocuments } from '../../write-side/reacting/desk-documents.ts';
import { startReactors } from '../../write-side/reacting/worker.ts';
import { reviewReactor } from '../../write-side/reviews/review-reactor.ts';
import { writeSideService } from '../../write-side/service.ts';
import { auditProof } from '../audit/audit-proof.ts';
import type { Config } from '../config/config.ts';
import type { DecodeMemory } from '../event-codec/decode.ts';
import { eventCodec } from '../event-codec/event-codec.ts';
import { countedStore } from '../metrics/counted-store.ts';
import type { Metrics } from '../metrics/port.ts';
import { prometheusMetrics } from '../metrics/prometheus.ts';
import { loadKeyedHash } from '../secrets/keyed-hash.ts';
import { personKeys } from '../secrets/person-keys.ts';
import { closeDoor } from './close-door.ts';
import { engineProbes } from './engine-probes.ts';
import type { Ports } from './ports.ts';

export type System = {
  /** The gateway with everything behind it: listen, or inject. */
  readonly app: FastifyInstance;
  /** Stops taking requests, lets what runs come to its end, and closes every port. */
  readonly stop: () => Promise<void>;
};

/** What the door is made of: somebody who starts many systems in one process may keep one door for all of them. */
export type DoorParts = {
  readonly gateway: typeof buildGateway;
  readonly writeSide: typeof writeSideService;
  readonly readApi: typeof readApiService;
  readonly metrics: typeof prometheusMetrics;
};
const ownDoor: DoorParts = {
  gateway: buildGateway,
  writeSide: writeSideService,
  readApi: readApiService,
  metrics: prometheusMetrics,
};

const webhookPath = '/api/v1/webhooks/payments';
const hourMs = 3_600_000;

/** Puts the whole system together in one process: ports → application → door. Resolves when it serves. */
export const startSystem = async (
  config: Config,
  ports: Ports,
  options: {
    readonly checkAnswers?: boolean;
    readonly signIns?: readonly DemoSignIn[];
    /** The read models that are fed; by default all, and the audit index. */
    readonly readModels?: readonly Projection[];
    /** What the door is made of, by default its own parts. */
    readonly door?: DoorParts;
    /** Somebody who starts many systems over one log in one process may keep what was read of it. */
    readonly decoded?: DecodeMemory;
  } = {},
): Promise<System> => {
  const parts = options.door ?? ownDoor;
  const { clock, random, readModels, secrets, tokens, objects, log } = ports;
  let metrics: Metrics | undefined;
  const store = countedStore(ports.store, () => metrics);
  const stopping = new AbortController();
  const { signal } = stopping;

  // 1. What commands stand on.
  const keys = personKeys(secrets, random);
  const codec = eventCodec({ keys, random, memory: options.decoded });
  const keyedHash = await loadKeyedHash(secrets, random);
  const handling = commandHandling({ store, codec, clock, random });
  const books = vendorBooks({ handling, clock });
  const credentials = await openCredentials({ secrets, hasher: ports.hasher });
  const sessions = openSessions({ secrets, tokens, clock, random });
  const apiKeys = openApiKeys({ handling, secrets, clock, random });
  const erasing = { handling, sessions, secrets, keys, clock, erasures: ports.erasures, erasure: readModels.erasure };
  await eraseAgain(erasing);
  const secureCookies = config.PUBLIC_URL?.startsWith('https:') === true;
  const keyOf = (licenseId: string): string => licenseKey(keyedHash, licenseId);

  // 2. Read models.
  const { documents, sink } = readModels;
  const audit = readModels.audit(auditProjection);
  const projections = await startProjections({
    definitions: options.readModels ?? definitions,
    feedAudit: options.readModels === undefined,
    ...{ store, codec, audit, documents, clock, random, log, signal },
    sinks: { documents: sink, search: sink, audit: sink },
    erased: keys.forget,
    onSwitched: async (projection, generation) => {
      const commandId = idFrom('switched', projection, generation);
      const context = { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
      await handling.handle(
        projectionControlDecider,
        projection,
        { type: 'RecordSwitch', projection, generation },
        context,
      );
    },
  });

  let reactors: ReturnType<typeof startReactors> | undefined;
  const { signer } = ports;
  const proof = auditProof({ store, audit, signer, heads: ports.signedHeads, clock });

  // 3. The provider sends its webhooks to the door that is built below.
  let door: FastifyInstance | undefined;
  const { provider, simulator } = ports.payments(async (rawBody, headers) => {
    if (door === undefined) throw new Error('the door is not open yet');
    const { statusCode } = await door.inject({
      method: 'POST',
      url: webhookPath,
      headers,
      payload: Buffer.from(rawBody),
    });
    return { status: statusCode };
  });

  metrics = parts.metrics({
    projections: projections.status,
    deadLetters: async () => (await sink.deadLetters({ limit: 1_000 })).length,
    sagas: async () => {
      const failing = reactors?.status() ?? [];
      return {
        owing: await documents.count('desk', { since: { gt: '' } }),
        failing: failing.length,
        tries: failing.reduce((sum, { tries }) => sum + tries, 0),
      };
    },
  });

  // 4. The door.
  let ready = false;
  const common = { handling, clock, random, keyedHash };
  const app = await parts.gateway({
    services: [
      parts.writeSide({
        ...common,
        ...{ store, codec, credentials, sessions, tokens, objects, provider },
        books,
        ...{ secrets, apiKeys, secureCookies, documents, mail: ports.mail, readModels: projections.clock },
        administrators: administrators({ store, codec, handling }),
        approvalRequired: config.PRODUCT_APPROVAL === 'required',
        commissionBps: config.COMMISSION_BPS,
        publicUrl: config.PUBLIC_URL,
        defaultPayoutAccount: simulator === undefined ? undefined : 'ba_ok',
        projections: new Map([
          ...definitions.map(({ name, version }) => [name, version] as const),
          [auditProjection, auditVersion],
        ]),
        generationsOf: (projection) => sink.generations(projection),
        deadLetter: async (id) => (await sink.deadLetters({ id, limit: 1 }))[0],
        desk: deskDocuments(documents),
        driveSaga: (task) => reactors?.drive(task),
        setWebhookChaos: simulator?.setWebhookChaos,
        auditKeys: signer.jwks(),
      }),
      parts.readApi({
        ...{ store, codec, documents, audit, objects, clock },
        documentsAsOf: ports.documentsAsOf,
        search: readModels.search('search'),
        readModels: projections.clock,
        head: () => store.head(),
        licenseKey: keyOf,
        hashLicenseKey,
        projectionStatus: projections.status,
        deadLetters: (query) => sink.deadLetters(query),
        engines: engineProbes(ports, provider),
        sagaStatus: () => reactors?.status() ?? [],
        outbox: ports.outbox,
        signIns: options.signIns,
        proof,
        watchSession: sessions.watch,
        counters: ports.counters,
      }),
      async (scope) => pageRoutes(scope, { ready: () => ready }),
    ],
    authenticate: authenticator({ tokens, sessions, handling, clock }),
    authenticateKey: apiKeys.authenticate,
    browserSessions: { secure: secureCookies, csrfTokenOf: (sessionId) => csrfTokenOf(keyedHash, sessionId) },
    counters: ports.counters,
    ...{ clock, random, log, metrics },
    checkAnswers: options.checkAnswers ?? false,
    ratePerMinute: config.RATE_LIMIT === 'on' ? 600 : undefined,
  });
  door = app;

  // 5. What happens by itself.
  const running = startReactors({
    ...{ store, codec, clock, random, log, signal },
    desk: deskDocuments(documents),
    reactors: [
      checkoutReactor({
        ...{ handling, store, codec, books, provider, clock },
        keyHashOf: (licenseId) => hashLicenseKey(keyOf(licenseId)),
        paymentTimeoutMs: config.PAYMENT_TIMEOUT_S * 1000,
        settlementDelayMs: config.SETTLEMENT_DELAY_S * 1000,
      }),
      publicationReactor({
        handling,
        objects,
        scanner: ports.scanner,
        clock,
        approvalRequired: config.PRODUCT_APPROVAL === 'required',
      }),
      payoutReactor({ handling, books, provider, clock }),
      payoutRequestReactor({ handling, books, store, codec }),
      maturityReactor({ books, clock }),
      booksReactor(books),
      couponHoldReactor(handling),
      stockHoldReactor(handling),
      cartReactor({ handling, store, codec }),
      erasureReactor(erasing),
      emailReleaseReactor(handling),
      reviewReactor(handling),
      notifyReactor({ handling, store, codec }),
      mailReactor({ handling, mail: ports.mail }),
    ],
  });
  reactors = running;
  const sending = simulator?.start(signal);
  const sweeping = (async () => {
    while (!signal.aborted) {
      try {
        await secrets.removeExpired(clock.now());
      } catch (error) {
        log.warn({ error }, 'expired secrets were not removed, the next hour tries again');
      }
      await clock.sleep(hourMs, signal);
    }
  })();

  const signing = (async () => {
    while (!signal.aborted) {
      await clock.sleep(hourMs, signal);
      if (signal.aborted) break;
      try {
        await proof.head();
      } catch (error) {
        log.warn({ error }, 'the head of the audit chain was not signed, the next hour tries again');
      }
    }
  })();

  // 6. Ready means that an administrator can sign in.
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  if (email !== undefined && password !== undefined) {
    await ensureFirstAdministrator({ handling, credentials, keyedHash, clock, store }, { email, password });
  }
  ready = true;

  return {
    app,
    stop: async () => {
      ready = false;
      await closeDoor(app, clock);
      stopping.abort();
      await Promise.all([running.stopped, projections.stopped, sending, sweeping, signing]);
      await ports.documentsAsOf.close();
      await simulator?.close();
      await store.close();
      readModels.close();
      ports.outbox?.close();
      await secrets.close();
      ports.signedHeads.close();
    },
  };
};
