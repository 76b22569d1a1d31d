import { describe, expect, it } from 'vitest';
import { describeWorkflow } from '../../domain/workflow/describe-workflow.ts';
import { findSecrets } from '../../domain/workflow/find-secrets.ts';
import { parseWorkflow } from '../../domain/workflow/parse-workflow.ts';
import { type CatalogueLine, workflowOfLine } from './workflow-of-line.ts';

const lines: readonly CatalogueLine[] = [
  { title: 'Nothing known' },
  { title: 'Alert', tags: ['scheduled'], integrations: ['Google Sheets', 'Telegram', 'OpenRouter'] },
  { title: 'Twice the same', tags: ['webhook'], integrations: ['Slack', 'Slack', 'slack'] },
  { title: 'Agent', tags: ['ai-agent'], integrations: ['OpenAI', 'Gmail', 'Anthropic'] },
  { title: 'Starts by itself', tags: [], integrations: ['Jotform', 'Notion'] },
  { title: 'In no table', tags: ['form'], integrations: ['Nobody Knows Ltd', 'WhatsApp'] },
];
const parsed = (line: CatalogueLine) => {
  const found = parseWorkflow(JSON.stringify(workflowOfLine(line)));
  if (!found.ok) throw new Error(JSON.stringify(found));
  return found.workflow;
};

describe('a workflow made of a catalogue line', () => {
  it.each(lines)('$title: is a workflow, every connection leads from a node to a node, names differ', (line) => {
    const workflow = workflowOfLine(line);
    const names = workflow.nodes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const targets = Object.values(workflow.connections).flatMap((outputs) => Object.values(outputs).flat(2));
    for (const name of [...Object.keys(workflow.connections), ...targets.map(({ node }) => node)])
      expect(names).toContain(name);
    expect(describeWorkflow(parsed(line)).nodeCount).toBeGreaterThanOrEqual(3);
    expect(findSecrets(parsed(line))).toEqual([]);
  });

  it.each(lines)('$title: everything but the note hangs together', (line) => {
    const { nodes, connections } = workflowOfLine(line);
    const linked = new Set(
      Object.entries(connections).flatMap(([from, outputs]) => [
        from,
        ...Object.values(outputs).flatMap((all) => all.flat().map(({ node }) => node)),
      ]),
    );
    expect(nodes.filter(({ name }) => !linked.has(name)).map(({ type }) => type)).toEqual([
      'n8n-nodes-base.stickyNote',
    ]);
  });

  it('uses the services that the line names', () => {
    expect(new Set(describeWorkflow(parsed(lines[1] ?? { title: '' })).integrations)).toEqual(
      new Set(['Google Sheets', 'Telegram', 'OpenRouter']),
    );
    expect(describeWorkflow(parsed(lines[4] ?? { title: '' })).triggers).toEqual(['Jotform Trigger']);
  });

  it('is the same bytes for the same line', () => {
    for (const line of lines) expect(JSON.stringify(workflowOfLine(line))).toBe(JSON.stringify(workflowOfLine(line)));
  });
});
