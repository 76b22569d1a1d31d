import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock/port.ts';

const lookEveryMs = 50;
/** What is not answered by then (a body that never comes to its end) is cut off. */
const patienceMs = 5_000;

/**
 * Takes no more requests and resolves when those under way are answered. The server itself closes only the connections
 * that are idle when it is told to; one that is kept alive after its last answer would hold it up until the client lets go.
 */
export const closeDoor = async (app: FastifyInstance, clock: Clock): Promise<void> => {
  let closed = false;
  const until = clock.now() + patienceMs;
  const closing = app.close().finally(() => {
    closed = true;
  });
  while (!closed) {
    await Promise.race([closing, clock.sleep(lookEveryMs)]);
    if (clock.now() < until) app.server.closeIdleConnections();
    else app.server.closeAllConnections();
  }
  await closing;
};
