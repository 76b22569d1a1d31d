import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Json, JsonObject } from '../../domain/event/definition.ts';
import type { Random } from '../random/port.ts';

const prefix = 'enc:v1:';
const nonceBytes = 12;
const tagBytes = 16;

/** Where a personal field stands: bound into its ciphertext, so that it authenticates nowhere else. */
export type FieldPlace = {
  readonly category: string;
  readonly type: string;
  readonly path: string;
  /** Account id of the person. */
  readonly subject: string;
};

const associatedData = ({ category, type, path, subject }: FieldPlace): Buffer =>
  Buffer.from(JSON.stringify([category, type, path, subject]));

export const isSealed = (text: string): boolean => text.startsWith(prefix);

/** `enc:v1:` and base64url of nonce, ciphertext and tag: AES-256-GCM under the person's 32-byte key. */
export const sealField = (text: string, key: Uint8Array, place: FieldPlace, random: Random): string => {
  const nonce = random.bytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return prefix + sealed.toString('base64url');
};

/** The text that was sealed at this place; undefined when it does not authenticate. */
export const openField = (sealed: string, key: Uint8Array, place: FieldPlace): string | undefined => {
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(associatedData(place))
    .setAuthTag(bytes.subarray(-tagBytes));
  const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // `final` throws exactly when the tag does not fit.
    return undefined;
  }
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at the dotted path; undefined when nothing does. */
export const fieldAt = (data: JsonObject, path: string): Json | undefined => {
  let value: Json | undefined = data;
  for (const name of path.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
};

/** A copy of `data` with something else at the dotted path; `data` itself when nothing stands there. */
export const withField = (data: JsonObject, path: string, value: Json): JsonObject => {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  if (!Object.hasOwn(data, head)) return data;
  if (dot < 0) return { ...data, [head]: value };
  const inner = data[head];
  return isObject(inner) ? { ...data, [head]: withField(inner, path.slice(dot + 1), value) } : data;
};
