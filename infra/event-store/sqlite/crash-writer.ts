/**
 * The child of the crash test: appends batches of three to eight streams for ever, many at once, and prints each append that
 * was acknowledged as `<stream> <revision>`. Argument: the file.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../clock/system-clock.ts';
import { systemRandom } from '../../random/system-random.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const clock = systemClock();
const random = systemRandom(clock);
const store = openSqliteEventStore({ file: process.argv[2] ?? 'log.db', clock });

const write = async (stream: string): Promise<never> => {
  for (let batch = 0; ; batch += 1) {
    const events = [0, 1, 2].map((index) => ({
      id: random.uuid(),
      type: 'Written',
      data: Buffer.from(JSON.stringify({ batch, index })),
      metadata: new Uint8Array(2000),
    }));
    const { revision } = await store.append(stream, batch === 0 ? 'no_stream' : BigInt(batch * 3 - 1), events);
    // Straight to the pipe, so what was acknowledged is known even when the process dies in the next instruction.
    writeSync(1, `${stream} ${revision}\n`);
  }
};

await Promise.all(Array.from({ length: 8 }, (_, i) => write(`crash-${i}`)));
