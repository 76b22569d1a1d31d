import { describe, expect, test } from 'vitest';
import type { MalwareScanner } from './port.ts';

/** The EICAR test file, in parts, so that a scanner of this repository leaves it alone. */
export const eicar = (): string =>
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.byteLength; from += size) yield bytes.subarray(from, from + size);
}

/** What every adapter of the scanner port must do. */
export const malwareScannerContract = (adapter: string, open: () => MalwareScanner): void => {
  describe(`malware scanner: ${adapter}`, () => {
    const scan = (text: string, size = 65_536) => open().scan(inChunks(text, size));

    test.each([
      ['nothing', ''],
      ['a workflow', JSON.stringify({ nodes: [], connections: {} })],
      ['half of the test file', eicar().slice(0, 40)],
    ])('%s is clean', async (_case, text) => {
      expect(await scan(text)).toMatchObject({ type: 'clean' });
    });

    test('the EICAR test file is infected, and the finding is named', async () => {
      const verdict = await scan(eicar());
      expect(verdict).toMatchObject({ type: 'infected' });
      expect(verdict.type === 'infected' && verdict.signature).toMatch(/eicar/i);
    });

    test('content that breaks off has no verdict', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield new TextEncoder().encode('start');
        throw new Error('object lost');
      }
      await expect(open().scan(broken())).rejects.toThrow();
    });

    test('scans do not disturb each other', async () => {
      const scanner = open();
      const texts = [eicar(), 'clean', eicar(), 'clean'];
      const verdicts = await Promise.all(texts.map((text) => scanner.scan(inChunks(text, 3))));
      expect(verdicts.map(({ type }) => type)).toEqual(['infected', 'clean', 'infected', 'clean']);
    });
  });
};
