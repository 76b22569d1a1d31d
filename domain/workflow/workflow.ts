import type { JsonRecord } from './json.ts';
import { isRecord, listOf, recordOf, textOf } from './json.ts';

/** An n8n workflow as it was read: `nodes` are objects with a string `type`, `connections` is an object; the rest is unknown. */
export type Workflow = JsonRecord & { readonly nodes: readonly WorkflowNode[]; readonly connections: JsonRecord };
export type WorkflowNode = JsonRecord & { readonly type: string };

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

export const isNode = (value: unknown): value is WorkflowNode => isRecord(value) && typeof value.type === 'string';

export const isSticky = (node: WorkflowNode): boolean => node.type === STICKY_NOTE;

/** The nodes that do something, sticky notes left out; survives a `nodes` that is not what it should be. */
export const workingNodes = (workflow: JsonRecord): readonly WorkflowNode[] =>
  listOf(workflow.nodes)
    .filter(isNode)
    .filter((node) => !isSticky(node));

export const stickyNotes = (workflow: JsonRecord): readonly WorkflowNode[] =>
  listOf(workflow.nodes).filter(isNode).filter(isSticky);

/** A node without a name is the node named '' (n8n's own reading). */
export const nameOf = (node: WorkflowNode): string => textOf(node.name) ?? '';

export const parametersOf = (node: WorkflowNode): JsonRecord => recordOf(node.parameters);
