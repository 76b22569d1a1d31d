import { systemClock } from '../clock/system-clock.ts';
import { systemRandom } from '../random/system-random.ts';
import { runCli } from './program.ts';

const clock = systemClock();
const stopping = new AbortController();
process.on('SIGINT', () => {
  if (stopping.signal.aborted) process.exit(130); // asked twice
  stopping.abort();
});
process.on('SIGTERM', () => stopping.abort());
// Whoever reads us may have had enough: `… | head`.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  fetch: (request) => fetch(request),
  ...{ clock, random: systemRandom(clock), signal: stopping.signal },
  out: (text) => process.stdout.write(text),
  // Where a bar may stand, its line is wiped; it draws itself again.
  err: (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : text),
  bar: process.stderr.isTTY ? process.stderr : undefined,
});
