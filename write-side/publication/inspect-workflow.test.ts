import { describe, expect, it } from 'vitest';
import type { Clock } from '../../infra/clock/port.ts';
import { leakyWorkflow, secret, workflow } from '../products/market.test.ts';
import { inspectWorkflow } from './inspect-workflow.ts';

/** Counts how often others got their turn. */
const countingClock = (): Clock & { turns: number } => {
  const clock = {
    turns: 0,
    now: () => 0,
    schedule: () => () => {},
    sleep: async () => {
      clock.turns += 1;
    },
  };
  return clock;
};
const inspect = (value: unknown, clock = countingClock()) => inspectWorkflow(Buffer.from(JSON.stringify(value)), clock);

describe('a workflow that is inspected', () => {
  it('has facts and a preview, the same each time', async () => {
    const inspection = await inspect(workflow);
    expect(inspection).toMatchObject({ findings: [], facts: { nodeCount: 2, integrations: ['Slack'] } });
    expect(inspection.preview?.key).toMatch(/^previews\/[0-9a-f]{64}\.json$/);
    expect(await inspect(workflow)).toEqual(inspection);
    expect((await inspect({ ...workflow, nodes: [] })).preview?.key).not.toBe(inspection.preview?.key);
  });

  it('says where a secret is, and not which', async () => {
    const { findings, preview } = await inspect(leakyWorkflow);
    expect(findings).toMatchObject([{ node: 'Charge' }]);
    expect(JSON.stringify(findings) + Buffer.from(preview?.bytes ?? []).toString()).not.toContain(secret);
  });

  it('lets others work between the phases of a large file', async () => {
    const [small, large] = [countingClock(), countingClock()];
    await inspect(workflow, small);
    await inspect({ ...workflow, pinData: { Note: [{ text: 'word '.repeat(60_000) }] } }, large);
    expect([small.turns, large.turns]).toEqual([0, 3]);
  });

  it('may turn out to be none', async () => {
    expect(await inspect({ hello: 1 })).toMatchObject({ findings: [{ kind: 'not-a-workflow' }], facts: {} });
  });
});
