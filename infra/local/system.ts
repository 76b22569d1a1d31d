import type { FastifyInstance } from 'fastify';
import { projectionControlDecider } from '../../domain/projection-control/projection-control.ts';
import { buildGateway } from '../../gateway/app.ts';
import { pageRoutes } from '../../gateway/pages.ts';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { startProjections } from '../../projections/engine/start-projections.ts';
import { readApiService } from '../../read-api/service.ts';
import { authenticator } from '../../write-side/accounts/authenticate.ts';
import { openCredentials } from '../../write-side/accounts/credentials.ts';
import { ensureFirstAdministrator } from '../../write-side/accounts/first-administrator.ts';
import { sessions as openSessions } from '../../write-side/accounts/sessions.ts';
import { checkoutReactor } from '../../write-side/checkout/checkout-reactor.ts';
import { commandHandling } from '../../write-side/handling/handling.ts';
import { idFrom } from '../../write-side/handling/ids.ts';
import { hashLicenseKey, licenseKey } from '../../write-side/licenses/license-key.ts';
import { couponHoldReactor, stockHoldReactor } from '../../write-side/orders/hold-reactors.ts';
import { maturityReactor } from '../../write-side/payouts/maturity-reactor.ts';
import { payoutReactor } from '../../write-side/payouts/payout-reactor.ts';
import { payoutRequestReactor } from '../../write-side/payouts/payout-request-reactor.ts';
import { publicationReactor } from '../../write-side/publication/publication-reactor.ts';
import { deskDocuments } from '../../write-side/reacting/desk-documents.ts';
import { startReactors } from '../../write-side/reacting/worker.ts';
import { writeSideService } from '../../write-side/service.ts';
import type { Config } from '../config/config.ts';
import { eventCodec } from '../event-codec/event-codec.ts';
import { loadKeyedHash } from '../secrets/keyed-hash.ts';
import { personKeys } from '../secrets/person-keys.ts';
import { closeDoor } from './close-door.ts';
import type { Ports } from './ports.ts';

export type System = {
  /** The gateway with everything behind it: listen, or inject. */
  readonly app: FastifyInstance;
  /** Stops taking requests, lets what runs come to its end, and closes every port. */
  readonly stop: () => Promise<void>;
};

const webhookPath = '/api/v1/webhooks/payments';
const hourMs = 3_600_000;

/** Puts the whole system together in one process: ports → application → door. Resolves when it serves. */
export const startSystem = async (
  config: Config,
  ports: Ports,
  options: { readonly checkAnswers?: boolean } = {},
): Promise<System> => {
  const { clock, random, store, readModels, secrets, tokens, objects, log } = ports;
  const stopping = new AbortController();
  const { signal } = stopping;

  // 1. What commands stand on.
  const keys = personKeys(secrets, random);
  const codec = eventCodec({ keys, random });
  const keyedHash = await loadKeyedHash(secrets, random);
  const handling = commandHandling({ store, codec, clock, random });
  const credentials = await openCredentials({ secrets, hasher: ports.hasher });
  const sessions = openSessions({ secrets, tokens, clock, random });
  const keyOf = (licenseId: string): string => licenseKey(keyedHash, licenseId);

  // 2. Read models.
  const { documents, sink } = readModels;
  const audit = readModels.audit(auditProjection);
  const projections = await startProjections({
    definitions,
    ...{ store, codec, audit, clock, random, log, signal },
    sinks: { documents: sink, search: sink, audit: sink },
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

  // 4. The door.
  let ready = false;
  const common = { handling, clock, random, keyedHash };
  const app = await buildGateway({
    services: [
      writeSideService({
        ...common,
        ...{ store, codec, credentials, sessions, tokens, objects, provider },
        approvalRequired: config.PRODUCT_APPROVAL === 'required',
        commissionBps: config.COMMISSION_BPS,
        publicUrl: config.PUBLIC_URL,
        defaultPayoutAccount: simulator === undefined ? undefined : 'ba_ok',
        projections: new Set([...definitions.map(({ name }) => name), auditProjection]),
        setWebhookChaos: simulator?.setWebhookChaos,
      }),
      readApiService({
        ...{ store, codec, documents, audit, objects, clock },
        search: readModels.search('search'),
        readModels: projections.clock,
        head: () => store.head(),
        licenseKey: keyOf,
        hashLicenseKey,
        projectionStatus: projections.status,
      }),
      async (scope) => pageRoutes(scope, { ready: () => ready }),
    ],
    authenticate: authenticator({ tokens, sessions, handling, clock }),
    counters: ports.counters,
    ...{ clock, random, log },
    checkAnswers: options.checkAnswers ?? false,
    ratePerMinute: config.RATE_LIMIT === 'on' ? 600 : undefined,
  });
  door = app;

  // 5. What happens by itself.
  const reactors = startReactors({
    ...{ store, codec, clock, random, log, signal },
    desk: deskDocuments(documents),
    reactors: [
      checkoutReactor({
        ...{ handling, provider, clock },
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
      payoutReactor({ handling, provider, clock }),
      payoutRequestReactor({ handling, store, codec }),
      maturityReactor({ handling, clock }),
      couponHoldReactor(handling),
      stockHoldReactor(handling),
    ],
  });
  const sending = simulator?.start(signal);
  const sweeping = (async () => {
    while (!signal.aborted) {
      await secrets.removeExpired(clock.now());
      await clock.sleep(hourMs, signal);
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
      await Promise.all([reactors.stopped, projections.stopped, sending, sweeping]);
      await simulator?.close();
      await store.close();
      readModels.close();
      await secrets.close();
    },
  };
};
