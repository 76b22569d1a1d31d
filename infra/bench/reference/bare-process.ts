/** A bare Fastify that answers every GET with the next of the bodies it was given last. */
import Fastify from 'fastify';

const app = Fastify();
let bodies: readonly Buffer[] = [];
let turn = 0;
app.get('/*', (_request, reply) => {
  turn = (turn + 1) % bodies.length;
  reply.header('content-type', 'application/json; charset=utf-8').send(bodies[turn]);
});
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
process.on('message', (given: { readonly bodies: readonly string[] }) => {
  bodies = given.bodies.map((body) => Buffer.from(body));
  process.send?.({ taken: bodies.length });
});
