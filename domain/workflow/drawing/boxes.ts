import { nodeType, shortType } from '../node-types.ts';
import type { PreviewNode } from '../preview.ts';
import type { Link } from './links.ts';

/** The printing inks of node groups (UI.md 5): trigger, AI, app, logic, data and code. */
export type Ink = 'trigger' | 'ai' | 'app' | 'flow' | 'data';
/** `trigger` is rounder on its left side; `sub` hangs below the node that uses it. */
export type Shape = 'trigger' | 'regular' | 'root' | 'sub';
export type Box = {
  readonly node: PreviewNode;
  readonly shape: Shape;
  readonly ink: Ink;
  /** Canvas units of n8n, top left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly mainInputs: number;
  readonly mainOutputs: number;
  /** Types of the ports at the bottom, from the left. */
  readonly aiInputs: readonly string[];
};

/** n8n's own lie within ±20,000; what a stranger wrote beyond is drawn at the edge. */
const farthest = 1_000_000;
const onCanvas = (coordinate: number): number => Math.min(farthest, Math.max(-farthest, coordinate));

const portOrder = [
  ...['ai_languageModel', 'ai_memory', 'ai_tool', 'ai_outputParser', 'ai_embedding', 'ai_document'],
  ...['ai_textSplitter', 'ai_vectorStore', 'ai_retriever', 'ai_reranker'],
];
const placeOf = (port: string): number => (portOrder.includes(port) ? portOrder.indexOf(port) : portOrder.length);

/** Outputs that a node has even where nothing hangs on them. */
const leastOutputs: Readonly<Record<string, number>> = {
  'n8n-nodes-base.if': 2,
  'n8n-nodes-base.splitInBatches': 2,
  'n8n-nodes-base.compareDatasets': 4,
};

const isTrigger = (type: string): boolean =>
  nodeType(type)?.group === 'trigger' || /(?:Trigger|\.webhook|\.cron|\.interval|\.start)$/.test(type);

const inkOf = (type: string): Ink => {
  if (isTrigger(type)) return 'trigger';
  const known = nodeType(type);
  switch (known?.group) {
    case 'ai':
      return 'ai';
    case 'ai-sub':
      return known.service !== undefined && shortType(type).endsWith('Tool') ? 'app' : 'ai';
    case 'action':
      return 'app';
    case 'data':
    case 'code':
      return 'data';
    default:
      return 'flow';
  }
};

/** The box of every node, as n8n draws it (FACTS 3), with the ports that its edges need. */
export const boxesOf = (nodes: readonly PreviewNode[], links: readonly Link[]): readonly Box[] => {
  const ports = nodes.map(() => ({ mainIn: 0, mainOut: 0, isSub: false, ai: new Set<string>() }));
  for (const { from, to, output, input, slot, index } of links) {
    const [source, target] = [ports[from], ports[to]];
    if (source === undefined || target === undefined) continue;
    if (output !== 'main') {
      source.isSub ||= output.startsWith('ai_');
      target.ai.add(input);
      continue;
    }
    source.mainOut = Math.max(source.mainOut, slot + 1);
    target.mainIn = Math.max(target.mainIn, index + 1);
  }
  return nodes.map((node, at): Box => {
    const { mainIn = 0, mainOut = 0, isSub = false, ai = new Set<string>() } = ports[at] ?? {};
    const sub = isSub || (nodeType(node.type)?.group === 'ai-sub' && mainIn + mainOut === 0);
    const mainOutputs = Math.max(mainOut, leastOutputs[node.type] ?? 1);
    const wide = 80 + 48 * (Math.max(4, ai.size) - 1);
    const tall = 96 + 32 * Math.min(60, Math.max(0, Math.max(mainIn, mainOutputs) - 2));
    const [width, height] = sub ? [ai.size === 0 ? 80 : wide + 16, 80] : [ai.size === 0 ? 96 : wide, tall];
    return {
      node,
      shape: sub ? 'sub' : ai.size > 0 ? 'root' : isTrigger(node.type) ? 'trigger' : 'regular',
      ink: inkOf(node.type),
      x: onCanvas(node.position[0]),
      y: onCanvas(node.position[1]),
      ...{ width, height, mainOutputs },
      mainInputs: Math.max(1, mainIn),
      aiInputs: [...ai].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1)),
    };
  });
};
