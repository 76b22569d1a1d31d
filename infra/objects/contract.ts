import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectStore } from './port.ts';
import { ObjectMissing, ObjectTooLarge } from './port.ts';

export type OpenedObjects = {
  readonly store: ObjectStore;
  /** How many objects and parts of objects lie in the storage itself, counted past the adapter. */
  readonly stored: () => Promise<number>;
  readonly close: () => Promise<void>;
};

const MAX = { maxBytes: 10_000_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? bytes(part) : part;
}
const collected = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
};

/** What every adapter of the object store port must do. `open` gives an empty store each time. */
export const objectStoreContract = (adapter: string, open: () => Promise<OpenedObjects>): void => {
  describe(`object store: ${adapter}`, () => {
    let opened: OpenedObjects;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const text = async (key: string, range?: { start: number; end: number }) =>
      (await collected(opened.store.read(key, range))).toString();

    test('an object is named by its content and read back', async () => {
      const sha256 = createHash('sha256').update('hello world').digest('hex');
      const info = await opened.store.put('files', chunks('hello', ' ', 'world'), MAX);
      expect(info).toEqual({ key: `files/${sha256}`, size: 11, sha256 });
      expect(await text(info.key)).toBe('hello world');
      expect(await opened.store.size(info.key)).toBe(11);
    });

    test('the same bytes twice, also at the same time, are one object', async () => {
      const puts = [chunks('same'), chunks('sa', 'me'), chunks('s', 'a', 'm', 'e')];
      const infos = await Promise.all(puts.map((source) => opened.store.put('files', source, MAX)));
      expect(new Set(infos.map(({ key }) => key)).size).toBe(1);
      expect(await opened.stored()).toBe(1);
    });

    test('an empty object is an object', async () => {
      const { key } = await opened.store.put('files', chunks(), MAX);
      expect(await opened.store.size(key)).toBe(0);
      expect(await text(key)).toBe('');
    });

    test('a large object survives unchanged', async () => {
      const part = Uint8Array.from({ length: 70_001 }, (_, i) => (i * 31) % 251);
      const { key, size } = await opened.store.put('files', chunks(...Array(40).fill(part)), MAX);
      expect(size).toBe(40 * 70_001);
      expect((await collected(opened.store.read(key))).equals(Buffer.concat(Array(40).fill(part)))).toBe(true);
    });

    test('exactly the limit is accepted, one byte more is refused and leaves nothing', async () => {
      await opened.store.put('files', chunks('12345', '67890'), { maxBytes: 10 });
      await expect(opened.store.put('files', chunks('12345', '67890', '1'), { maxBytes: 10 })).rejects.toThrow(
        ObjectTooLarge,
      );
      expect(await opened.stored()).toBe(1);
    });

    test('a source that is too large is stopped, not read to its end', async () => {
      let given = 0;
      let stopped = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) {
            given += 1;
            yield bytes('x'.repeat(100));
          }
        } finally {
          stopped = true;
        }
      }
      await expect(opened.store.put('files', endless(), { maxBytes: 1_000 })).rejects.toThrow(ObjectTooLarge);
      expect({ given, stopped }).toEqual({ given: 11, stopped: true });
    });

    test('a source that fails leaves nothing, and the failure is told', async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield bytes('part');
        throw new Error('connection lost');
      }
      await expect(opened.store.put('files', failing(), MAX)).rejects.toThrow('connection lost');
      expect(await opened.stored()).toBe(0);
    });

    test('write names an object freely, and the same name again replaces it', async () => {
      await opened.store.write('previews/p1/v2.json', bytes('first, the longer one'));
      await opened.store.write('previews/p1/v2.json', bytes('second'));
      expect(await text('previews/p1/v2.json')).toBe('second');
      expect(await opened.stored()).toBe(1);
    });

    test('a replaced object is whole for whoever reads it meanwhile', async () => {
      const [a, b] = ['a'.repeat(300_000), 'b'.repeat(300_000)];
      await opened.store.write('k', bytes(a));
      const reading = opened.store.read('k')[Symbol.asyncIterator]();
      const first = await reading.next();
      await opened.store.write('k', bytes(b));
      const rest = await collected({ [Symbol.asyncIterator]: () => reading });
      expect((first.value?.byteLength ?? 0) + rest.byteLength).toBe(300_000);
      expect(rest.includes('b')).toBe(false);
    });

    test('ranges are inclusive and end with the object', async () => {
      await opened.store.write('k', bytes('0123456789'));
      expect(await text('k', { start: 0, end: 0 })).toBe('0');
      expect(await text('k', { start: 3, end: 6 })).toBe('3456');
      expect(await text('k', { start: 7, end: 99 })).toBe('789');
      expect(await text('k', { start: 0, end: 9 })).toBe('0123456789');
    });

    test.each([
      { start: -1, end: 2 },
      { start: 3, end: 2 },
      { start: 0.5, end: 2 },
    ])('$start-$end is no range', async (range) => {
      await opened.store.write('k', bytes('0123456789'));
      await expect(text('k', range)).rejects.toThrow(RangeError);
    });

    test('what is not there is missing, and removing it is no error', async () => {
      expect(await opened.store.size('no/such')).toBeUndefined();
      await expect(text('no/such')).rejects.toThrow(ObjectMissing);
      await opened.store.remove('no/such');
    });

    test('a removed object is missing', async () => {
      const { key } = await opened.store.put('files', chunks('gone'), MAX);
      await opened.store.remove(key);
      expect(await opened.store.size(key)).toBeUndefined();
      expect(await opened.stored()).toBe(0);
    });

    test('keys that differ only in case, or only in how they are cut, are different objects', async () => {
      for (const key of ['Ab', 'aB', 'a/b', 'a-b', 'a.b', 'a_b']) await opened.store.write(key, bytes(key));
      for (const key of ['Ab', 'aB', 'a/b', 'a-b', 'a.b', 'a_b']) expect(await text(key)).toBe(key);
    });

    const wrong = [
      '',
      '/',
      '../x',
      'a/../b',
      'a//b',
      '/a',
      'a/',
      '.',
      '.hidden',
      'a\\b',
      'a\0b',
      'a~b',
      'é',
      'a b',
      'x'.repeat(300),
    ];
    test.each(wrong)('%j is no key', async (key) => {
      await expect(opened.store.write(key, bytes('x'))).rejects.toThrow(TypeError);
      await expect(opened.store.put(key, chunks('x'), MAX)).rejects.toThrow(TypeError);
      await expect(opened.store.size(key)).rejects.toThrow(TypeError);
      await expect(opened.store.remove(key)).rejects.toThrow(TypeError);
      await expect(text(key)).rejects.toThrow(TypeError);
      expect(await opened.stored()).toBe(0);
    });

    test('a reader may stop early', async () => {
      await opened.store.write('k', bytes('x'.repeat(1_000_000)));
      for await (const part of opened.store.read('k')) {
        expect(part.byteLength).toBeGreaterThan(0);
        break;
      }
      await opened.store.remove('k');
      expect(await opened.stored()).toBe(0);
    });
  });
};
