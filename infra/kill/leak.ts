/**
 * Loaded before the process (`--import`): it keeps `LEAK_MIB` MiB more each minute in the heap, and as many in buffers, so that one
 * can see the soak fail.
 */
const bytesASecond = (Number(process.env.LEAK_MIB) * 2 ** 20) / 60;
const kept: unknown[] = [];
const numbers = 1_000;
setInterval(() => {
  kept.push(Buffer.alloc(bytesASecond, 1));
  for (let bytes = 0; bytes < bytesASecond; bytes += numbers * 8)
    kept.push(Array.from({ length: numbers }, (_, n) => n + 0.5));
}, 1_000).unref();
