import type { DomainEvent } from '../../domain/catalogue.ts';
import { ERASED, type EventDefinition, type JsonObject } from '../../domain/event/definition.ts';
import { type EventMetadata, eventMetadata, type Recorded } from '../../domain/event/recorded.ts';
import { categoryOf, type StoredEvent } from '../event-store/port.ts';
import type { PersonKeys } from '../secrets/port.ts';
import { type Definitions, firstIssue } from './definitions.ts';
import { fieldAt, isObject, isSealed, openField, withField } from './personal-fields.ts';
import type { Decoded, EventCodec, PoisonKind } from './port.ts';

class Poison extends Error {
  override readonly name = 'Poison';
  readonly kind: PoisonKind;
  constructor(kind: PoisonKind, reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** Read and lifted to the present version, personal fields still sealed. */
type Lifted = {
  readonly stored: StoredEvent;
  readonly category: string;
  readonly definition: EventDefinition<unknown>;
  readonly metadata: EventMetadata;
  /** As stored. */
  readonly version: number;
  readonly data: JsonObject;
  /** The person whose key is needed, where something is sealed. */
  readonly subject: string | undefined;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The parser's own message quotes the text, so it is not passed on. */
const parse = (bytes: Uint8Array, what: string): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new Poison('broken', `${what} is not JSON in UTF-8`);
  }
  if (!isObject(value)) throw new Poison('broken', `${what} is no JSON object`);
  return value;
};

const parseMetadata = (stored: StoredEvent): EventMetadata => {
  const metadata = eventMetadata.safeParse(parse(stored.metadata, `${stored.type}: metadata`));
  if (!metadata.success) throw new Poison('broken', `${stored.type}: ${firstIssue('metadata', metadata.error)}`);
  return metadata.data;
};

const versionOf = (type: string, text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Poison('broken', `${type}: metadata.schemaVersion is no version`);
  return Number(text);
};

const upcast = (
  name: string,
  definition: EventDefinition<unknown>,
  stored: JsonObject,
  version: number,
): JsonObject => {
  let data = stored;
  for (let from = version; from < definition.version; from += 1) {
    const lift = definition.upcasts[from];
    if (lift === undefined) throw new Poison('broken', `${name}: nothing lifts version ${from}`);
    try {
      data = lift(data);
    } catch (error) {
      throw new Poison('broken', `${name}: cannot be lifted from version ${from}: ${String(error)}`);
    }
  }
  return data;
};

const read = (definitions: Definitions, stored: StoredEvent): Lifted => {
  const category = categoryOf(stored.stream);
  const definition = definitions.get(category)?.get(stored.type);
  if (definition === undefined)
    throw new Poison('unknownType', `${stored.type}: no such event in streams of category "${category}"`);
  const metadata = parseMetadata(stored);
  const version = versionOf(stored.type, metadata.schemaVersion);
  const name = `${stored.type} v${version}`;
  if (version > definition.version)
    throw new Poison('newerVersion', `${name}: newer than version ${definition.version}, the newest known here`);
  const data = upcast(name, definition, parse(stored.data, `${name}: data`), version);
  let subject: string | undefined;
  if (definition.personal !== undefined) {
    const person = data[definition.personal.subject];
    if (typeof person !== 'string')
      throw new Poison('broken', `${name}: data.${definition.personal.subject} names no person`);
    subject = person;
  }
  return { stored, category, definition, metadata, version, data, subject };
};

const openPersonal = (lifted: Lifted, subject: string, key: Uint8Array | undefined): JsonObject => {
  const { stored, category, definition, version } = lifted;
  const openAt = (data: JsonObject, path: string): JsonObject => {
    const value = fieldAt(data, path);
    if (typeof value === 'string' && isSealed(value)) {
      if (key === undefined) return withField(data, path, ERASED);
      const text = openField(value, key, { category, type: stored.type, path, subject });
      if (text !== undefined) return withField(data, path, text);
      throw new Poison('broken', `${stored.type} v${version}: data.${path} does not authenticate`);
    }
    // An older version may be from before the field was encrypted; this release never wrote it in clear.
    if (value === undefined || value === ERASED || version < definition.version) return data;
    throw new Poison('broken', `${stored.type} v${version}: data.${path} is personal and not encrypted`);
  };
  return (definition.personal?.fields ?? []).reduce(openAt, lifted.data);
};

const finish = (lifted: Lifted, key: Uint8Array | undefined): Decoded => {
  const { stored, definition, metadata, version, subject } = lifted;
  const opened = subject === undefined ? lifted.data : openPersonal(lifted, subject, key);
  const data = definition.schema.safeParse(opened);
  if (!data.success) throw new Poison('broken', `${stored.type} v${version}: ${firstIssue('data', data.error)}`);
  const event = {
    type: stored.type,
    data: data.data,
    id: stored.id,
    stream: stored.stream,
    revision: stored.revision,
    position: stored.position,
    metadata,
    recordedAt: stored.recordedAt,
  };
  // The schema that let the data through is the one of this type in the catalogue.
  return { ok: true, event: event as Recorded<DomainEvent>, stored };
};

const poisoned = (stored: StoredEvent, error: unknown): Decoded =>
  error instanceof Poison
    ? { ok: false, stored, kind: error.kind, reason: error.message }
    : { ok: false, stored, kind: 'broken', reason: `${stored.type}: ${String(error)}` };

/**
 * What was read of stored events, as long as these values are held (a store hands what was just committed to all who follow it), with
 * nothing personal in the clear. Of one catalogue only.
 */
export type DecodeMemory = WeakMap<StoredEvent, Lifted | Decoded>;

/**
 * `EventCodec.decode`: the keys of all persons of a batch are looked up at once. The same value is read once.
 */
export const decoder = (
  definitions: Definitions,
  keys: PersonKeys,
  memory: DecodeMemory = new WeakMap(),
): EventCodec['decode'] => {
  /** Whole where no key is needed. */
  const begin = (stored: StoredEvent): Lifted | Decoded => {
    try {
      const lifted = read(definitions, stored);
      return lifted.subject === undefined ? finish(lifted, undefined) : lifted;
    } catch (error) {
      return poisoned(stored, error);
    }
  };
  return async (events) => {
    const subjects = new Set<string>();
    const readable = events.map((stored): Lifted | Decoded => {
      const known = memory.get(stored);
      const one = known ?? begin(stored);
      if (known === undefined) memory.set(stored, one);
      if ('subject' in one && one.subject !== undefined) subjects.add(one.subject);
      return one;
    });
    const found: ReadonlyMap<string, Uint8Array | undefined> =
      subjects.size === 0 ? new Map() : await keys.find([...subjects]);
    return readable.map((one): Decoded => {
      if ('ok' in one) return one;
      try {
        return finish(one, one.subject === undefined ? undefined : found.get(one.subject));
      } catch (error) {
        return poisoned(one.stored, error);
      }
    });
  };
};
