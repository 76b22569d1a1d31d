import { hash } from 'node:crypto';

/** What the chain holds of an event: neither its position nor its time, so that it survives a move to another store. */
export type ChainedEvent = {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  /** SHA-256 of the stored bytes, in hex. */
  readonly dataHash: string;
  readonly metadataHash: string;
};

/** The head of a chain without events: 32 zero bytes in hex. */
export const emptyChain = '0'.repeat(64);

/** SHA-256 in hex. */
export const contentHash = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/**
 * The head of the chain once `event` stands behind `previous` (hex), as hex: SHA-256 over the label, the previous head, stream,
 * revision (decimal), id, type, hash of the data, hash of the metadata. Each field is UTF-8 behind its length in bytes as
 * an unsigned 32-bit big-endian number, so that no two different events have one encoding.
 */
export const nextHead = (previous: string, event: ChainedEvent): string => {
  const { stream, revision, id, type, dataHash, metadataHash } = event;
  const fields = ['audit-chain-1', previous, stream, String(revision), id, type, dataHash, metadataHash];
  const encoded = Buffer.alloc(fields.reduce((size, field) => size + 4 + Buffer.byteLength(field), 0));
  let at = 0;
  for (const field of fields) {
    const size = encoded.write(field, at + 4);
    at = encoded.writeUInt32BE(size, at) + size;
  }
  return hash('sha256', encoded, 'hex');
};
