import type { JsonRecord } from './json.ts';
import { isRecord, listOf, recordOf, textOf } from './json.ts';
import type { NeededCredential } from './needed-credentials.ts';
import { neededCredentials } from './needed-credentials.ts';
import type { Risk } from './risks.ts';
import { risksOf } from './risks.ts';
import { scrub } from './scrub.ts';
import type { Scrubber } from './scrub-names.ts';
import { scrubberFor } from './scrub-names.ts';
import type { WorkflowNode } from './workflow.ts';
import { nameOf, parametersOf, stickyNotes, workingNodes } from './workflow.ts';

/** Canvas units, y grows down; the top left corner of the box. */
export type Position = readonly [x: number, y: number];
export type PreviewNode = {
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly position: Position;
  readonly disabled: boolean;
};
export type PreviewEdge = { readonly node: string; readonly type: string; readonly index: number };
/** Source name → output type → output index → edges, as n8n writes it; only edges between nodes that are shown. */
export type PreviewConnections = {
  readonly [node: string]: { readonly [output: string]: readonly (readonly PreviewEdge[])[] };
};
export type PreviewNote = {
  readonly position: Position;
  readonly width: number;
  readonly height: number;
  /** 1 to 7, n8n's palette. */
  readonly color: number;
  /** Markdown of a stranger: scrubbed, but still to be rendered as untrusted. */
  readonly content: string;
};
export type WorkflowPreview = {
  readonly workflow: { readonly nodes: readonly PreviewNode[]; readonly connections: PreviewConnections };
  readonly notes: readonly PreviewNote[];
  readonly credentials: readonly NeededCredential[];
  readonly risks: readonly Risk[];
};

const finite = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

const positionOf = (node: WorkflowNode): Position => {
  const [x, y] = listOf(node.position);
  return [finite(x, 0), finite(y, 0)];
};

const UNKNOWN_TYPE = 'unknown';

/** A type name is an identifier; anything else in its place is an author's text and not shown. */
const typeOf = (node: WorkflowNode): string =>
  /^[\w@./ -]{1,150}$/.test(node.type) && scrub(node.type) === node.type ? node.type : UNKNOWN_TYPE;

const nodeShown = (node: WorkflowNode, { name }: Scrubber): PreviewNode => ({
  name: name(nameOf(node)),
  type: typeOf(node),
  typeVersion: finite(node.typeVersion, 1),
  position: positionOf(node),
  disabled: node.disabled === true,
});

const [NOTE_WIDTH, NOTE_HEIGHT, LEAST_WIDTH, LEAST_HEIGHT] = [240, 160, 150, 80];

const colorOf = (color: unknown): number =>
  typeof color === 'number' && Number.isInteger(color) && color >= 1 && color <= 7 ? color : 1;

const noteShown = (sticky: WorkflowNode, { note }: Scrubber): PreviewNote => {
  const { width, height, color, content } = parametersOf(sticky);
  return {
    position: positionOf(sticky),
    width: Math.max(LEAST_WIDTH, finite(width, NOTE_WIDTH)),
    height: Math.max(LEAST_HEIGHT, finite(height, NOTE_HEIGHT)),
    color: colorOf(color),
    content: note(textOf(content) ?? ''),
  };
};

/** `main`, `ai_tool`, `onError` and the like; the longest known has 16 letters. */
const isPortType = (type: string): boolean => /^(?:main|ai_[A-Za-z]{1,30}|error|onError)$/.test(type);

const MOST_PORTS = 1_000;

const connectionsShown = (workflow: JsonRecord, { name }: Scrubber): PreviewConnections => {
  const known = new Set(workingNodes(workflow).map(nameOf));
  const edgeShown = (edge: unknown): PreviewEdge[] => {
    const { node, type, index } = recordOf(edge);
    if (typeof node !== 'string' || !known.has(node)) return [];
    const port = textOf(type) ?? 'main';
    const at = finite(index, 0);
    return [
      {
        node: name(node),
        type: isPortType(port) ? port : 'main',
        index: Number.isInteger(at) && at >= 0 && at < MOST_PORTS ? at : 0,
      },
    ];
  };
  const slotsShown = (slots: unknown): PreviewEdge[][] =>
    listOf(slots)
      .slice(0, MOST_PORTS)
      .map((slot) => listOf(slot).flatMap(edgeShown));
  const outputsShown = (outputs: unknown) =>
    Object.entries(recordOf(outputs))
      .filter(([output]) => isPortType(output))
      .map(([output, slots]) => [output, slotsShown(slots)] as const)
      .filter(([, slots]) => slots.some((slot) => slot.length > 0));
  return Object.fromEntries(
    Object.entries(recordOf(workflow.connections))
      .filter(([source, outputs]) => known.has(source) && isRecord(outputs))
      .map(([source, outputs]) => [name(source), outputsShown(outputs)] as const)
      .filter(([, outputs]) => outputs.length > 0)
      .map(([source, outputs]) => [source, Object.fromEntries(outputs)]),
  );
};

/**
 * What anyone may see of a workflow, built up from nothing: no parameter, id, credential name, code or pinned data gets
 * in. Names and notes are scrubbed. As in n8n, an edge from or to a name that no node has is not shown. Never throws.
 */
export const previewOf = (workflow: JsonRecord): WorkflowPreview => {
  const scrubber = scrubberFor(workflow);
  return {
    workflow: {
      nodes: workingNodes(workflow).map((node) => nodeShown(node, scrubber)),
      connections: connectionsShown(workflow, scrubber),
    },
    notes: stickyNotes(workflow).map((sticky) => noteShown(sticky, scrubber)),
    credentials: neededCredentials(workflow, scrubber),
    risks: risksOf(workflow, scrubber),
  };
};
