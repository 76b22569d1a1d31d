/** Readers of single columns: SQLite is typed by value, so a file that holds something else is named, not passed on. */
const unexpected = (column: string, value: unknown): never => {
  throw new TypeError(`event store: expected ${column}, found ${typeof value}`);
};

export const integer = (value: unknown): number =>
  typeof value === 'number' ? value : unexpected('an integer', value);
export const text = (value: unknown): string => (typeof value === 'string' ? value : unexpected('text', value));
export const blob = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : unexpected('a blob', value));

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether it is a UUID of any version in lower case. */
export const isUuid = (id: string): boolean => uuidPattern.test(id);
/** The 16 bytes of a UUID. */
export const uuidBytes = (id: string): Uint8Array => Buffer.from(id.replaceAll('-', ''), 'hex');
/** The UUID of 32 hex digits. */
export const uuidText = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
