import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock/port.ts';

const lookEveryMs = 50;

/**
 * Takes no more requests and resolves when those under way are answered. The server itself closes only the connections
 * that are idle when it is told to; one that is kept alive after its last answer would hold it up until the client lets go.
 */
export const closeDoor = async (app: FastifyInstance, clock: Clock): Promise<void> => {
  let closed = false;
  const closing = app.close().finally(() => {
    closed = true;
  });
  while (!closed) {
    await Promise.race([closing, clock.sleep(lookEveryMs)]);
    app.server.closeIdleConnections();
  }
  await closing;
};
