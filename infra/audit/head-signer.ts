import { CompactSign, compactVerify, errors, importJWK } from 'jose';
import type { Clock } from '../clock/port.ts';
import type { Random } from '../random/port.ts';
import type { SecretStore } from '../secrets/port.ts';
import { signingKeys } from '../secrets/signing-keys.ts';
import type { HeadSigner, SignedHead } from './proof.port.ts';

const alg = 'EdDSA';
const typ = 'audit-head+jws';

const textOf = ({ head, events, position, signedAt }: Omit<SignedHead, 'signature'>): string =>
  JSON.stringify({
    head,
    events,
    position: position === undefined ? null : position.toString(),
    signedAt: new Date(signedAt).toISOString(),
  });

/** A signer whose key pair is made at the first start and kept in `secrets`. */
export const headSigner = async (secrets: SecretStore, clock: Clock, random: Random): Promise<HeadSigner> => {
  const [key] = await signingKeys(secrets, clock, random, 'audit').load();
  if (key === undefined) throw new Error('the audit signing key is missing');
  const { d, ...publicJwk } = key.jwk;
  const [signing, verifying] = [await importJWK({ ...publicJwk, d }, alg), await importJWK(publicJwk, alg)];
  const { kid } = key;
  return {
    sign: (head) =>
      new CompactSign(new TextEncoder().encode(textOf(head))).setProtectedHeader({ alg, typ, kid }).sign(signing),
    fits: async (head) => {
      try {
        const { payload, protectedHeader } = await compactVerify(head.signature, verifying, { algorithms: [alg] });
        return protectedHeader.typ === typ && new TextDecoder().decode(payload) === textOf(head);
      } catch (error) {
        if (error instanceof errors.JOSEError) return false;
        throw error;
      }
    },
    jwks: () => [{ ...publicJwk, kid, alg, use: 'sig' }],
  };
};
