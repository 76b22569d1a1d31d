import { existsSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../../objects/durable-folders.ts';
import { checkFailed } from '../exit-codes.ts';
import { fileTrouble, isMissing } from '../unreadable.ts';

export const manifestFile = 'manifest.json';

/** Below the backup; no way out of it. */
const inside = z.string().refine((path) => !path.split('/').some((part) => ['', '.', '..'].includes(part)));

const manifest = z.strictObject({
  format: z.literal('autopilot-backup'),
  version: z.literal(1),
  /** RFC 3339: the moment that all files show. */
  takenAt: z.string(),
  /** Position of the log's last event; null: it has none. */
  head: z.string().nullable(),
  files: z.array(z.strictObject({ path: inside, size: z.number().int().nonnegative(), sha256: z.string() })),
  /** Keys of objects that events name and that the data folder did not have. */
  missing: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;
export type FileEntry = Manifest['files'][number];

/** Written last, whole or not at all: a folder without it is no backup. */
export const writeManifest = async (folder: string, content: Manifest): Promise<void> => {
  const draft = join(folder, `${manifestFile}.part`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(folder, manifestFile));
  await syncFolder(folder);
};

/** @throws CommandFailed where there is none, where it can't be read, or is not one that this release knows */
export const readManifest = async (folder: string): Promise<Manifest> => {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw checkFailed(`the backup can't be read: ${fileTrouble(error) ?? String(error)}`);
    const what = existsSync(folder)
      ? `${folder} is no finished backup: it has no ${manifestFile}`
      : `there is no ${folder}`;
    throw checkFailed(what, 'NO_BACKUP');
  });
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    throw checkFailed(`${join(folder, manifestFile)} is not a manifest that this release knows`, 'NO_BACKUP');
  }
};
