import { ERASED, type EventDefinition, type JsonObject } from '../../domain/event/definition.ts';
import { eventMetadata } from '../../domain/event/recorded.ts';
import { categoryOf } from '../event-store/port.ts';
import type { Random } from '../random/port.ts';
import type { PersonKeys } from '../secrets/port.ts';
import { type Definitions, firstIssue } from './definitions.ts';
import { fieldAt, isObject, sealField, withField } from './personal-fields.ts';
import type { EventCodec } from './port.ts';

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** `EventCodec.encode`. What is stored is what the schema lets through: fields that it does not know are left out. */
export const encoder = (definitions: Definitions, keys: PersonKeys, random: Random): EventCodec['encode'] => {
  /** A key is needed only where something is to be hidden: `[erased]` (what a fold kept) is written as it is. */
  const sealPersonal = async (
    category: string,
    type: string,
    data: JsonObject,
    personal: NonNullable<EventDefinition<unknown>['personal']>,
  ): Promise<JsonObject> => {
    const subject = data[personal.subject];
    if (typeof subject !== 'string') throw new Error(`${type}: data.${personal.subject} names no person`);
    let sealed = data;
    for (const path of personal.fields) {
      const value = fieldAt(data, path);
      if (value === undefined || value === ERASED) continue;
      if (typeof value !== 'string') throw new Error(`${type}: data.${path} is personal and no string`);
      const key = await keys.obtain(subject);
      sealed = withField(sealed, path, sealField(value, key, { category, type, path, subject }, random));
    }
    return sealed;
  };

  return async (stream, events, metadata) => {
    const category = categoryOf(stream);
    const encoded = [];
    // One after the other, so that random bytes are drawn in the order of the events.
    for (const { id, event } of events) {
      const definition = definitions.get(category)?.get(event.type);
      if (definition === undefined) throw new Error(`streams of category "${category}" hold no event "${event.type}"`);
      const data = definition.schema.safeParse(event.data);
      if (!data.success) throw new Error(`${event.type}: ${firstIssue('data', data.error)}`);
      if (!isObject(data.data)) throw new Error(`${event.type}: data is no object`);
      const described = eventMetadata.safeParse({ ...metadata, schemaVersion: String(definition.version) });
      if (!described.success) throw new Error(`${event.type}: ${firstIssue('metadata', described.error)}`);
      const { personal } = definition;
      encoded.push({
        id,
        type: event.type,
        data: bytesOf(personal ? await sealPersonal(category, event.type, data.data, personal) : data.data),
        metadata: bytesOf(described.data),
      });
    }
    return encoded;
  };
};
