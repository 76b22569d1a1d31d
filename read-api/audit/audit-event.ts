import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/event/definition.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { categoryOf, type StoredEvent } from '../../infra/event-store/port.ts';
import { timeText } from '../answers.ts';
import { sealed } from './seal.ts';

const anyObject = z.record(z.string(), z.unknown());
export const auditEvent = z.object({
  position: z.string(),
  stream: z.string(),
  revision: z.string(),
  id: z.string(),
  type: z.string(),
  /** Personal fields read `[sealed]`, or `[erased]`; null where the event can't be read. */
  data: anyObject.nullable(),
  metadata: anyObject,
  recordedAt: z.string(),
  /** Why the event can't be read. */
  unreadable: z.string().optional(),
});
export type AuditEvent = z.infer<typeof auditEvent>;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const metadataOf = ({ metadata }: StoredEvent): JsonObject => {
  try {
    const parsed: Json = JSON.parse(new TextDecoder().decode(metadata));
    return isObject(parsed) ? parsed : {};
  } catch {
    return {}; // `unreadable` says what is wrong with the event
  }
};

/** An event as auditors read it. */
export const auditEventOf = (decoded: Decoded): AuditEvent => {
  const event = decoded.ok ? decoded.event : decoded.stored;
  const placed = {
    position: event.position.toString(),
    stream: event.stream,
    revision: event.revision.toString(),
    id: event.id,
    type: event.type,
  };
  const recordedAt = timeText(event.recordedAt);
  if (!decoded.ok)
    return { ...placed, data: null, metadata: metadataOf(decoded.stored), recordedAt, unreadable: decoded.reason };
  const data = sealed(categoryOf(event.stream), event.type, decoded.event.data);
  return { ...placed, data, metadata: { ...decoded.event.metadata }, recordedAt };
};
