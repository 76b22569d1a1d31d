import type { JsonRecord } from './json.ts';
import { isCommunity, nodeType, shortType, spelledOut } from './node-types.ts';
import type { WorkflowNode } from './workflow.ts';
import { workingNodes } from './workflow.ts';

/** What a card says about a workflow. `triggers` and `integrations` are display names, the most used first. */
export type WorkflowDescription = {
  /** Without sticky notes. */
  readonly nodeCount: number;
  readonly integrations: readonly string[];
  readonly triggers: readonly string[];
};

const IDENTIFIER = /^[A-Za-z][\w ]{0,60}$/;

/** A community node that no table lists is named by its type; core nodes name nothing. */
const serviceOf = ({ type }: WorkflowNode): string | undefined => {
  const known = nodeType(type);
  if (known !== undefined) return known.service;
  const name = shortType(type).replace(/(?:Trigger|Tool)$/, '');
  return isCommunity(type) && IDENTIFIER.test(name) ? spelledOut(name) : undefined;
};

const triggerOf = ({ type }: WorkflowNode): string | undefined => {
  const known = nodeType(type);
  if (known !== undefined) return known.group === 'trigger' ? known.label : undefined;
  const name = shortType(type);
  return /Trigger$/.test(name) && IDENTIFIER.test(name) ? spelledOut(name) : undefined;
};

const byUse = (names: readonly (string | undefined)[]): string[] => {
  const uses = new Map<string, number>();
  for (const name of names) if (name !== undefined) uses.set(name, (uses.get(name) ?? 0) + 1);
  return [...uses].sort(([, a], [, b]) => b - a).map(([name]) => name);
};

/** Facts for cards and search: how many nodes, which outside services, what starts it. Never throws. */
export const describeWorkflow = (workflow: JsonRecord): WorkflowDescription => {
  const nodes = workingNodes(workflow);
  return {
    nodeCount: nodes.length,
    integrations: byUse(nodes.map(serviceOf)),
    triggers: byUse(nodes.map(triggerOf)),
  };
};
