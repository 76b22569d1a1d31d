import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { owed } from '../../domain/checkout/owed.ts';
import { sagaStream } from '../../domain/checkout/saga-stream.ts';
import { domainError } from '../../domain/errors.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { paymentIdOf } from '../checkout/ids.ts';
import { type CommandRouteDeps, commandRoute, mainStream, noBody } from '../http/command-route.ts';
import type { Desk, Task } from '../reacting/reactor.ts';

export type SagaRouteDeps = CommandRouteDeps & {
  readonly store: EventStore;
  readonly desk: Desk;
  readonly driveSaga: (task: Task) => void;
};

/** `<process>:<key>`, as on the desk. */
const sagaParams = z.object({ id: z.string().regex(/^[A-Za-z]+:[^/]{1,400}$/) });
const taskOf = (id: string): Task => {
  const colon = id.indexOf(':');
  return { process: id.slice(0, colon), key: id.slice(colon + 1) };
};

/** What operators do about things that owe something. */
export const sagaRoutes = (app: FastifyInstance, deps: SagaRouteDeps): void => {
  const { handling, store, desk, clock } = deps;
  const own = { method: 'POST', tag: 'Operators', access: { roles: ['operator'] }, params: sagaParams } as const;

  commandRoute(app, deps, {
    ...own,
    url: '/operator/sagas/:id/retry',
    summary: 'Do now what is owed, without waiting for the next try; nothing is recorded but what follows',
    status: 202,
    body: noBody,
    main: ({ params: { id } }) => ({ id, recorded: async () => undefined }),
    run: async ({ params: { id } }) => {
      const task = await desk.get(id);
      if (task === undefined) throw domainError('NOT_FOUND');
      const stream = sagaStream(task.process, task.key);
      const at = { revision: 0n, position: (await store.head()) ?? 0n };
      for await (const [last] of store.readStream(stream, { backwards: true, limit: 1 }))
        if (last !== undefined) Object.assign(at, { revision: last.revision, position: last.position });
      deps.driveSaga(task);
      return { stream, ...at, state: undefined, replayed: false };
    },
  });

  commandRoute(app, deps, {
    ...own,
    url: '/operator/sagas/:id/resolve',
    summary: 'Record that the money of a refund that keeps failing went back another way',
    status: 200,
    body: z.strictObject({ outcome: z.enum(['refunded']), reason: z.string().trim().min(1).max(500) }),
    refuses: ['SAGA_STATE', 'ORDER_STATE', 'ORDER_DISPUTED'],
    main: async ({ params: { id } }) => {
      const { process, key } = taskOf(id);
      if (process === 'checkout') return mainStream(orderDecider, key, id);
      throw domainError((await desk.get(id)) === undefined ? 'NOT_FOUND' : 'SAGA_STATE');
    },
    run: async ({ params, body, context, ifRevision }) => {
      const { key: orderId } = taskOf(params.id);
      const [order, payment] = await Promise.all([
        handling.load(orderDecider, orderId),
        handling.load(paymentDecider, paymentIdOf(orderId)),
      ]);
      if (!order.exists) throw domainError('NOT_FOUND');
      const waits = owed(order.state, payment.state, new Date(clock.now()).toISOString()).find(
        (step) => step.type === 'awaitOperator',
      );
      if (waits === undefined) throw domainError('SAGA_STATE');
      const command = { type: 'RecordRefunded', refundId: waits.refundId, note: body.reason } as const;
      return handling.handle(orderDecider, orderId, command, context, { ifRevision });
    },
  });
};
