import type { Ports } from '../local/ports.ts';
import type { AccessClaims, AccessTokens, PasswordHasher } from '../secrets/port.ts';

/**
 * Hashes are those of `hasher`, each with a salt of its own; one that it made here is known again without making it once
 * more. `ahead` is hashed so many times from the beginning, on threads that are idle meanwhile.
 */
const remembering = (hasher: PasswordHasher, ahead: string, times: number): PasswordHasher => {
  const passwords = new Map<string, string>();
  const made = Array.from({ length: times }, () => hasher.hash(ahead));
  for (const each of made) each.catch(() => undefined); // whoever asks for it is told
  return {
    ...hasher,
    hash: async (password) => {
      const hash = await ((password === ahead ? made.shift() : undefined) ?? hasher.hash(password));
      passwords.set(hash, password);
      return hash;
    },
    verify: async (password, hash) => passwords.get(hash) === password || hasher.verify(password, hash),
  };
};

/** A token that was issued here is good to the end of the filling: nobody else ever sees it. */
const lasting = (tokens: AccessTokens): AccessTokens => {
  const issued = new Map<string, AccessClaims>();
  return {
    ...tokens,
    issue: async (claims) => {
      const made = await tokens.issue(claims);
      issued.set(made.token, claims);
      return made;
    },
    verify: async (token) => issued.get(token) ?? tokens.verify(token),
  };
};

/** The same ports, without the work that only protects from strangers, of whom there are none while a system is filled with so many `people` of one `password`. */
export const quickPorts = (ports: Ports, password: string, people: number): Ports => ({
  ...ports,
  hasher: remembering(ports.hasher, password, people),
  tokens: lasting(ports.tokens),
});
