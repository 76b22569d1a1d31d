import type { PasswordHasher, SecretStore } from '../../infra/secrets/port.ts';

const kind = 'password';

export type Credentials = {
  /** Sets or replaces the password; durable when it resolves. Of two at once the later one holds. */
  setPassword(accountId: string, password: string): Promise<void>;
  /**
   * True when it is the account's password. An account that is unknown (also `undefined`: no account has the address)
   * takes as long as a wrong password. A hash of older parameters is made anew on the way.
   */
  verifyPassword(accountId: string | undefined, password: string): Promise<boolean>;
};

/** Passwords as hashes in the secret store, owned by their account. Hashes once at the start, for unknown accounts. */
export const openCredentials = async (options: {
  readonly secrets: SecretStore;
  readonly hasher: PasswordHasher;
}): Promise<Credentials> => {
  const { secrets, hasher } = options;
  const nobodysHash = await hasher.hash('');

  return {
    setPassword: async (accountId, password) => {
      const hash = Buffer.from(await hasher.hash(password));
      for (let stored = false; !stored; ) {
        const present = await secrets.get(kind, accountId);
        stored = await secrets.put(kind, accountId, hash, present?.version ?? 'absent', { owner: accountId });
      }
    },
    verifyPassword: async (accountId, password) => {
      const present = accountId === undefined ? undefined : await secrets.get(kind, accountId);
      if (accountId === undefined || present === undefined) {
        await hasher.verify(password, nobodysHash);
        return false;
      }
      const hash = Buffer.from(present.value).toString();
      const right = await hasher.verify(password, hash);
      // Exact version: a password changed meanwhile is not put back.
      if (right && hasher.needsRehash(hash))
        await secrets.put(kind, accountId, Buffer.from(await hasher.hash(password)), present.version, {
          owner: accountId,
        });
      return right;
    },
  };
};
