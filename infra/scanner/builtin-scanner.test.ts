import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtinScanner } from './builtin-scanner.ts';
import { eicar, malwareScannerContract } from './contract.ts';

malwareScannerContract('builtin', builtinScanner);

const own = ['AUTOPILOT-TEST', 'MALWARE-7d1c'].join('-');

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.byteLength + 1)).toSorted((a, b) => a - b), bytes.byteLength];
  for (const [i, from] of places.slice(0, -1).entries()) yield bytes.subarray(from, places[i + 1]);
}

test.each([
  [eicar(), 'EICAR-Test-File'],
  [own, 'Autopilot-Test-File'],
])('found anywhere in the content, however it is cut into chunks: %#', async (file, signature) => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), fc.array(fc.nat()), async (before, after, cuts) => {
      const verdict = await builtinScanner().scan(pieces(before + file + after, cuts));
      expect(verdict).toEqual({ type: 'infected', engine: 'autopilot-builtin', signature });
    }),
  );
});

test('a file with one letter changed is clean', async () => {
  for (const file of [eicar(), own])
    expect(await builtinScanner().scan(pieces(file.replace('T', 't'), [5, 9]))).toEqual({
      type: 'clean',
      engine: 'autopilot-builtin',
    });
});

test('a source that reuses its buffer is read right', async () => {
  async function* reusing(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(1);
    for (const byte of new TextEncoder().encode(own)) {
      buffer[0] = byte;
      yield buffer;
    }
  }
  expect(await builtinScanner().scan(reusing())).toMatchObject({ type: 'infected' });
});

test('reading stops at the first find', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode(eicar());
    } finally {
      ended = true;
    }
  }
  await builtinScanner().scan(endless());
  expect(ended).toBe(true);
});
