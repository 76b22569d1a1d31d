import type { Secret, SecretStore } from '../../secrets/port.ts';

type Row = Secret & {
  readonly kind: string;
  readonly owner: string | undefined;
  readonly expiresAt: number | undefined;
};

/** Secrets that outlive every process; every write is durable at once. */
export type SecretDisk = Map<string, Row>;

const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);
const secretOf = ({ id, value, version }: Row): Secret => ({ id, value: Uint8Array.from(value), version });

/** A process's way to the secrets. */
export const memorySecrets = (disk: SecretDisk): SecretStore => {
  const removeWhere = (gone: (row: Row) => boolean): void => {
    for (const [key, row] of [...disk]) if (gone(row)) disk.delete(key);
  };
  const get = (kind: string, id: string): Secret | undefined => {
    const row = disk.get(keyOf(kind, id));
    return row && secretOf(row);
  };
  return {
    get: async (kind, id) => get(kind, id),
    getMany: async (kind, ids) =>
      new Map(
        ids.flatMap((id) => {
          const found = get(kind, id);
          return found === undefined ? [] : [[id, found] as const];
        }),
      ),
    put: async (kind, id, value, expected, { owner, expiresAt } = {}) => {
      const present = disk.get(keyOf(kind, id));
      if ((present?.version ?? 'absent') !== expected) return false;
      const version = expected === 'absent' ? 1 : expected + 1;
      disk.set(keyOf(kind, id), { kind, id, value: Uint8Array.from(value), version, owner, expiresAt });
      return true;
    },
    remove: async (kind, id) => {
      disk.delete(keyOf(kind, id));
    },
    listByOwner: async (kind, owner) =>
      [...disk.values()]
        .filter((row) => row.kind === kind && row.owner === owner)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(secretOf),
    removeByOwner: async (owner, kind) =>
      removeWhere((row) => row.owner === owner && (kind === undefined || row.kind === kind)),
    removeExpired: async (nowMs) => removeWhere(({ expiresAt }) => expiresAt !== undefined && expiresAt <= nowMs),
    close: async () => {},
  };
};
