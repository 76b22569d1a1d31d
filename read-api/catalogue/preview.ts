import { z } from 'zod';
import { ObjectMissing, type ObjectStore } from '../../infra/objects/port.ts';
import type { VersionDocument } from '../../projections/products/products.ts';
import { type SeenProduct, versionsFor } from './audience.ts';

const position = z.tuple([z.number(), z.number()]);

/** Exactly what may be shown of a workflow: whatever else an object held would be left out here. */
const storedPreview = z.object({
  workflow: z.object({
    nodes: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        typeVersion: z.number(),
        position,
        disabled: z.boolean(),
      }),
    ),
    connections: z.record(
      z.string(),
      z.record(z.string(), z.array(z.array(z.object({ node: z.string(), type: z.string(), index: z.number() })))),
    ),
  }),
  notes: z.array(z.object({ position, width: z.number(), height: z.number(), color: z.number(), content: z.string() })),
  credentials: z.array(z.object({ type: z.string(), name: z.string(), kind: z.string(), nodes: z.array(z.string()) })),
  risks: z.array(z.object({ kind: z.string(), node: z.string(), level: z.string(), text: z.string() })),
});
export const previewAnswer = z.object({ version: z.string(), ...storedPreview.shape });

/** @throws Error when what lies there is no preview */
const read = async (objects: ObjectStore, key: string): Promise<unknown> => {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of objects.read(key)) parts.push(part);
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
};

/** The stored preview of one version. Undefined: it has none. */
export const previewOfVersion = async (
  objects: ObjectStore,
  { previewKey }: VersionDocument,
): Promise<z.infer<typeof storedPreview> | undefined> => {
  const stored = previewKey === null ? undefined : await read(objects, previewKey);
  return stored === undefined ? undefined : storedPreview.parse(stored);
};

/**
 * The preview of the version on sale; before there is one, of the newest that has a preview. Undefined: there is none.
 */
export const previewFor = async (
  objects: ObjectStore,
  seen: SeenProduct,
): Promise<z.infer<typeof previewAnswer> | undefined> => {
  const { saleVersion } = seen.product;
  const shown = versionsFor(seen).findLast(({ version, previewKey }) =>
    saleVersion === null ? previewKey !== null : version === saleVersion,
  );
  const preview = shown === undefined ? undefined : await previewOfVersion(objects, shown);
  return shown === undefined || preview === undefined ? undefined : { version: shown.version, ...preview };
};
