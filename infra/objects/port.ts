/** Objects: immutable bytes under a key (product files, derived previews). */
export type ObjectInfo = { readonly key: string; readonly size: number; readonly sha256: string };

export type ObjectStore = {
  /**
   * Streams `source` into a new object named by its content, `<prefix>/<sha256>`; durable before it resolves. The same
   * bytes twice are one object. Nothing is left behind (not even a part) when the source fails or is too large.
   * @throws ObjectTooLarge past `maxBytes`
   */
  put(prefix: string, source: AsyncIterable<Uint8Array>, options: { readonly maxBytes: number }): Promise<ObjectInfo>;
  /** Stores bytes under a name of the caller's choice (derived artefacts); the same name again replaces it atomically. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Size of the object, undefined when there is none. */
  size(key: string): Promise<number | undefined>;
  /** The bytes from `start` to `end` inclusive (whole object by default). @throws ObjectMissing */
  read(key: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  remove(key: string): Promise<void>;
};

export class ObjectTooLarge extends Error {
  override readonly name = 'ObjectTooLarge';
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`larger than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
  readonly key: string;
  constructor(key: string) {
    super(`no object ${key}`);
    this.key = key;
  }
}
