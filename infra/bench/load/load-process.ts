/**
 * The load process: a closed loop of plain sockets, cheaper a request than any server it drives. Closed means that a
 * connection whose answer is late asks nothing meanwhile: a stall is seen once a connection, not once for every request that
 * would have come (coordinated omission), so the percentiles are service times under that many connections, not what
 * visitors at a fixed rate would see. Connections are kept for the next job: a busy server accepts one a turn of its event
 * loop, and a job would measure how they come in one by one.
 */
import { connect, type Socket } from 'node:net';
import { createHistogram, performance } from 'node:perf_hooks';
import { type LoadJob, type LoadResult, wireOf } from './load-job.ts';

const endOfHead = Buffer.from('\r\n\r\n');
const length = /\r\ncontent-length: (\d+)/i;

/** Open connections that no job uses, by port. */
const kept = new Map<number, Socket[]>();
const take = (port: number): Socket => {
  for (let socket = kept.get(port)?.pop(); socket !== undefined; socket = kept.get(port)?.pop())
    if (!socket.destroyed && socket.writable) return socket;
  return connect({ port, host: '127.0.0.1', noDelay: true });
};
const keep = (port: number, socket: Socket): void => {
  // The server may close it meanwhile.
  socket.removeAllListeners().on('error', () => socket.destroy());
  kept.set(port, [...(kept.get(port) ?? []), socket]);
};

const run = async (job: LoadJob): Promise<LoadResult> => {
  const wires = job.requests.map(wireOf);
  const latencies = createHistogram();
  let sent = 0;
  let answered = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const started = performance.now();
  const until = job.seconds === undefined ? Number.POSITIVE_INFINITY : started + job.seconds * 1000;
  const next = (): Buffer | undefined => {
    if (performance.now() >= until || (!job.repeat && sent >= wires.length)) return undefined;
    return wires[sent++ % wires.length];
  };

  const connection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = take(job.port);
      let begun = 0;
      let received: Buffer = Buffer.alloc(0);
      let needed = -1;
      let status = 0;
      const send = (): void => {
        const wire = next();
        if (wire === undefined) {
          keep(job.port, socket);
          resolve();
          return;
        }
        begun = performance.now();
        socket.write(wire);
      };
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.on('data', (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        if (needed < 0) {
          const head = received.indexOf(endOfHead);
          if (head < 0) return;
          const text = received.toString('latin1', 0, head);
          status = Number(text.slice(9, 12));
          needed = head + 4 + Number(length.exec(text)?.[1] ?? 0);
        }
        if (received.length < needed) return;
        latencies.record(Math.max(1, Math.round((performance.now() - begun) * 1000)));
        answered += 1;
        if (status < 200 || status > 299) {
          failed += 1;
          firstFailure ??= received.toString('utf8', 0, 2_000);
        }
        received = Buffer.alloc(0);
        needed = -1;
        send();
      });
      if (socket.connecting) socket.on('connect', send);
      else send();
    });

  await Promise.all(Array.from({ length: job.connections }, connection));
  const seconds = (performance.now() - started) / 1000;
  const ms = (percentile: number): number => latencies.percentile(percentile) / 1000;
  return {
    ...{ requests: answered, failed, firstFailure, seconds, perSecond: answered / seconds },
    ...{ p50: ms(50), p95: ms(95), p99: ms(99) },
  };
};

process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
