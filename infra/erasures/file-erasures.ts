import { type FileHandle, open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Erasure, ErasureList } from './port.ts';

const erasure = z.strictObject({ personId: z.string(), at: z.string() });

const linesOf = async (file: string): Promise<readonly string[]> => {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

/**
 * The erasure list as a file of JSON lines that is only appended to. Copy it apart from backups of the data folder, and
 * never put an older one back in its place.
 * A line that a crash cut short was never acknowledged and is passed over.
 */
export const fileErasures = (file: string): ErasureList => {
  const all = async (): Promise<readonly Erasure[]> => {
    return (await linesOf(file)).flatMap((line) => {
      try {
        return [erasure.parse(JSON.parse(line))];
      } catch {
        return []; // cut short by a crash
      }
    });
  };
  const write = async (handle: FileHandle, added: Erasure): Promise<void> => {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // Behind a line that was cut short a new one is begun.
    const start = size > 0 && last.toString() !== '\n' ? '\n' : '';
    await handle.appendFile(`${start}${JSON.stringify(added)}\n`);
    await handle.sync();
  };
  return {
    all,
    add: async (added) => {
      if ((await all()).some(({ personId }) => personId === added.personId)) return;
      const handle = await open(file, 'a+', 0o600);
      try {
        await write(handle, added);
      } finally {
        await handle.close();
      }
    },
  };
};
