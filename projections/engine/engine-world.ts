import type { DomainEvent } from '../../domain/catalogue.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import type { ProjectionSink } from '../../infra/documents/sink.port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import { projection } from '../definition.ts';

/** Uses of a coupon: a count, so that an event applied twice or not at all shows. */
export type Uses = { readonly code: string; readonly held: number; readonly orders: readonly string[] };
export const FORBIDDEN_ORDER = '00000000-0000-7000-8000-00000000dead';

/** A small projection for specs of the engine; its fold refuses `FORBIDDEN_ORDER`. */
export const usesOf = (version = 1, name = 'uses') =>
  projection<Uses>(name, { version, sink: 'documents', indexes: [['held']] })
    .on(
      'CouponCreated',
      (event) => event.data.code,
      (_, event) => ({ code: event.data.code, held: 0, orders: [] }),
    )
    .on(
      'CouponReserved',
      (event) => event.data.code,
      (uses, event) => {
        if (event.data.orderId === FORBIDDEN_ORDER) throw new Error('that order is forbidden');
        return uses && { ...uses, held: uses.held + 1, orders: [...uses.orders, event.data.orderId] };
      },
    )
    .on(
      'CouponClosed',
      (event) => event.data.code,
      () => undefined,
    );

export const created = (code: string): DomainEvent => ({
  type: 'CouponCreated',
  data: { code, makerId: '00000000-0000-7000-8000-000000000001' },
});
export const reserved = (code: string, orderId = '00000000-0000-7000-8000-000000000002'): DomainEvent => ({
  type: 'CouponReserved',
  data: { code, orderId, customerId: '00000000-0000-7000-8000-000000000003', until: '2026-01-01T00:00:00.000Z' },
});
export const closed = (code: string): DomainEvent => ({ type: 'CouponClosed', data: { code } });
export const rebuildOf = (name: string, generation: number): DomainEvent => ({
  type: 'ProjectionRebuildRequested',
  data: { projection: name, generation },
});

export type World = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly sink: ProjectionSink;
  readonly documents: Documents;
  readonly audit: AuditIndex;
  readonly clock: Clock;
  readonly random: Random;
};

const metadata = {
  commandId: 'c',
  correlationId: 'k',
  actorId: 'system',
  actorRole: 'system',
  occurredAt: '2026-01-01T00:00:00.000Z',
};

/** Appends at the end of a stream; answers the position. */
export const append = async (
  { store, codec, random }: World,
  stream: string,
  ...events: readonly DomainEvent[]
): Promise<bigint> => {
  const encoded = await codec.encode(
    stream,
    events.map((event) => ({ id: random.uuid(), event })),
    metadata,
  );
  return appendBytes(store, stream, encoded);
};

/** The same for events that no codec would write. */
export const appendPoison = ({ store, random }: World, stream: string, type = 'CouponReserved'): Promise<bigint> => {
  const bytes = new TextEncoder().encode('{broken');
  return appendBytes(store, stream, [{ id: random.uuid(), type, data: bytes, metadata: bytes }]);
};

const appendBytes = async (
  store: EventStore,
  stream: string,
  events: Parameters<EventStore['append']>[2],
): Promise<bigint> => {
  let last: bigint | undefined;
  for await (const batch of store.readStream(stream, { backwards: true, limit: 1 })) last = batch[0]?.revision;
  return (await store.append(stream, last ?? 'no_stream', events)).position;
};
