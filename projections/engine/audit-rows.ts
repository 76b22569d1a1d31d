import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../../domain/event/definition.ts';
import type { DocumentPut } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { categoryOf, type StoredEvent } from '../../infra/event-store/port.ts';
import type { Fold } from './fold-batch.ts';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Metadata of an event that could not be decoded, as far as it can be read. */
const readable = ({ metadata }: StoredEvent): JsonObject => {
  try {
    const parsed: Json = JSON.parse(new TextDecoder().decode(metadata));
    return isObject(parsed) ? parsed : {};
  } catch {
    return {}; // the event is listed all the same; what is wrong with it stands in the dead letters
  }
};

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

const rowOf = (decoded: Decoded): DocumentPut => {
  const event = decoded.ok ? decoded.event : decoded.stored;
  const metadata: Readonly<Record<string, Json | undefined>> = decoded.ok
    ? decoded.event.metadata
    : readable(decoded.stored);
  const { stream, revision, id, type, recordedAt, position } = event;
  const { actorId = null, correlationId = null, causationId = null, commandId = null, occurredAt = null } = metadata;
  return {
    id: String(position),
    position,
    document: {
      ...{ stream, category: categoryOf(stream), revision: String(revision), id, type, recordedAt },
      ...{ actorId, correlationId, causationId, commandId, occurredAt },
      ...{ dataHash: sha256(decoded.stored.data), metadataHash: sha256(decoded.stored.metadata) },
    },
  };
};

/** The fold of the audit index: a row for every event, readable or not. Nothing is refused. */
export const auditFold: Fold = async (events) => ({ puts: events.map(rowOf), removes: [], touched: [], refusals: [] });
