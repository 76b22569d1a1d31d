import type { FastifyBaseLogger } from 'fastify';
import type { HeadSigner, SignedHeads } from '../audit/proof.port.ts';
import type { Counters } from '../cache/port.ts';
import type { Clock } from '../clock/port.ts';
import type { DocumentsAsOf } from '../documents/as-of.port.ts';
import type { ReadModels } from '../documents/sqlite/open-read-models.ts';
import type { ErasureList } from '../erasures/port.ts';
import type { EventStore } from '../event-store/port.ts';
import type { Mailer, Outbox } from '../mail/port.ts';
import type { ObjectStore } from '../objects/port.ts';
import type { PaymentProvider } from '../payments/port.ts';
import type { Deliver } from '../payments/simulated/delivery.ts';
import type { SimulatedProvider } from '../payments/simulated/open-simulated-provider.ts';
import type { Random } from '../random/port.ts';
import type { MalwareScanner } from '../scanner/port.ts';
import type { AccessTokens, PasswordHasher, SecretStore } from '../secrets/port.ts';

/** A provider, and what only a simulated one has: a loop that sends its webhooks, and their disorder on request. */
export type Payments = {
  readonly provider: PaymentProvider;
  readonly simulator?: Pick<SimulatedProvider, 'setWebhookChaos' | 'start' | 'close'>;
};

/** Everything of the system that touches time, chance or the outside. A simulation answers all of it. */
export type Ports = {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly documentsAsOf: DocumentsAsOf & { close(): Promise<void> };
  readonly secrets: SecretStore;
  readonly hasher: PasswordHasher;
  readonly tokens: AccessTokens;
  readonly objects: ObjectStore;
  readonly scanner: MalwareScanner;
  readonly counters: Counters;
  /** `deliver` takes the provider's webhooks to this system's door. */
  readonly payments: (deliver: Deliver) => Payments;
  readonly log: FastifyBaseLogger;
  readonly mail: Mailer;
  /** Present with the embedded mailer only. */
  readonly outbox?: Outbox & { close(): void };
  readonly erasures: ErasureList;
  /** Signs heads of the audit chain. */
  readonly signer: HeadSigner;
  /** Kept for good, beside the log. */
  readonly signedHeads: SignedHeads;
};
