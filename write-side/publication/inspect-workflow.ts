import { createHash } from 'node:crypto';
import type { Finding } from '../../domain/product/events.ts';
import { describeWorkflow } from '../../domain/workflow/describe-workflow.ts';
import { findSecrets } from '../../domain/workflow/find-secrets.ts';
import { parseWorkflow } from '../../domain/workflow/parse-workflow.ts';
import { previewOf } from '../../domain/workflow/preview.ts';
import type { Clock } from '../../infra/clock/port.ts';

/** What a workflow's file says of itself. `preview` is stored under its own hash; a file that is no workflow has none. */
export type Inspection = {
  readonly findings: readonly Finding[];
  readonly facts: { readonly nodeCount?: number; readonly integrations?: readonly string[] };
  readonly preview?: { readonly key: string; readonly bytes: Uint8Array };
};

/** Each phase takes a moment for every so many bytes; other work gets its turn between the phases of a larger file. */
const smallBytes = 262_144;

/**
 * Reads, searches and draws a workflow's file: findings name node, kind and path of a live secret, never its value. The same
 * bytes give the same answer.
 */
export const inspectWorkflow = async (file: Uint8Array, clock: Clock): Promise<Inspection> => {
  const breathe = async (): Promise<void> => {
    if (file.byteLength > smallBytes) await clock.sleep(0);
  };
  const parsed = parseWorkflow(Buffer.from(file).toString('utf8'));
  if (!parsed.ok) return { findings: [{ kind: 'not-a-workflow', text: parsed.reason }], facts: {} };
  const { workflow } = parsed;
  await breathe();
  const findings = findSecrets(workflow).map(({ kind, node, path }) => ({ kind, node, path }));
  await breathe();
  const { nodeCount, integrations } = describeWorkflow(workflow);
  const bytes = Buffer.from(JSON.stringify(previewOf(workflow)));
  await breathe();
  const key = `previews/${createHash('sha256').update(bytes).digest('hex')}.json`;
  return { findings, facts: { nodeCount, integrations }, preview: { key, bytes } };
};
