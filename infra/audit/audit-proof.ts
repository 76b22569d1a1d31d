import type { Clock } from '../clock/port.ts';
import { emptyChain } from './hash-chain.ts';
import type { AuditIndex } from './port.ts';
import type { AuditProof, SignedHead, SignedHeads } from './proof.port.ts';
import { type VerifyDeps, verifyLog } from './verify-log.ts';

export type AuditProofDeps = VerifyDeps & { readonly heads: SignedHeads; readonly clock: Clock };

/** The last event that the index has. */
const endOf = async (audit: AuditIndex): Promise<Pick<SignedHead, 'head' | 'events' | 'position'>> => {
  const checkpoint = await audit.checkpoint();
  const events = checkpoint === undefined ? 0 : await audit.countUpTo(checkpoint);
  const [last] = events === 0 ? [] : await audit.find({ after: events - 1, limit: 1 });
  return last === undefined
    ? { head: emptyChain, events: 0, position: undefined }
    : { head: last.chain, events: last.n, position: last.position };
};

/** The chain of the audit index, its signed heads, and their comparison with the log. */
export const auditProof = (deps: AuditProofDeps): AuditProof => {
  const { audit, signer, heads, clock } = deps;

  const head = async (): Promise<SignedHead> => {
    const end = await endOf(audit);
    const kept = (await heads.list()).find((each) => each.events === end.events && each.head === end.head);
    if (kept !== undefined) return kept;
    const unsigned = { ...end, signedAt: clock.now() };
    const signed = { ...unsigned, signature: await signer.sign(unsigned) };
    if (signed.events > 0) await heads.keep(signed);
    return signed;
  };

  return {
    head,
    verifiedUpTo: () => heads.verifiedUpTo(),
    verify: async (range) => {
      const found = await verifyLog(deps, await heads.list(), range);
      const known = (await heads.verifiedUpTo()) ?? -1n;
      const from = found.from ?? 0n;
      // What is verified is one run from the beginning: a gap does not extend it, a bad event cuts it short.
      const upTo = found.ok ? (found.to ?? -1n) : (found.firstBad?.position ?? 0n) - 1n;
      const next = from > known + 1n ? known : found.ok ? (upTo > known ? upTo : known) : upTo;
      if (next !== known) await heads.setVerifiedUpTo(next < 0n ? undefined : next);
      return found;
    },
  };
};
