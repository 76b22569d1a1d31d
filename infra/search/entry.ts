import { z } from 'zod';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { SearchEntry } from './port.ts';

const searchEntry = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  vendorId: z.string(),
  category: z.string(),
  categoryLabel: z.string(),
  tags: z.array(z.string()),
  kind: z.string(),
  worksWith: z.array(z.string()),
  price: z.number(),
  currency: z.string(),
  rating: z.number(),
  sold: z.number(),
  publishedAt: z.number(),
  listed: z.boolean(),
});

/** The search entry that a document of a search projection is. @throws Error naming the field when it is none */
export const searchEntryOf = (document: JsonObject): SearchEntry => searchEntry.parse(document);
