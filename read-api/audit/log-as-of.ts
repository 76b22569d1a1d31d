import type { AuditIndex } from '../../infra/audit/port.ts';

/**
 * The log as it was at a time (milliseconds since the Unix epoch): all events before the answered position, which is that
 * of the first event recorded later. Where none is known, everything that the audit index has.
 */
export const logAsOf = async (audit: AuditIndex, time: number): Promise<bigint> => {
  // The checkpoint first: what is indexed after it was read may have been recorded later than `time`.
  const checkpoint = await audit.checkpoint();
  const [later] = await audit.find({ from: Math.floor(time) + 1, limit: 1 });
  return later?.position ?? (checkpoint === undefined ? 0n : checkpoint + 1n);
};
