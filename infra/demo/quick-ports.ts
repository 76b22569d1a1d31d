import type { Ports } from '../local/ports.ts';
import type { AccessClaims, AccessTokens, PasswordHasher } from '../secrets/port.ts';

/** Hashes are those of `hasher`; one that it made here is known again without making it once more. */
const remembering = (hasher: PasswordHasher): PasswordHasher => {
  const passwords = new Map<string, string>();
  return {
    ...hasher,
    hash: async (password) => {
      const hash = await hasher.hash(password);
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

/** The same ports, without the work that only protects from strangers, of whom there are none while a system is filled. */
export const quickPorts = (ports: Ports): Ports => ({
  ...ports,
  hasher: remembering(ports.hasher),
  tokens: lasting(ports.tokens),
});
