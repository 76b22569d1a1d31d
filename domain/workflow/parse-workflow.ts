import { isRecord, listOf } from './json.ts';
import type { Workflow } from './workflow.ts';
import { isNode } from './workflow.ts';

export type ParsedWorkflow =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly reason: string };

const MOST_NODES = 5_000;
const DEEPEST = 200;

const refused = (reason: string): ParsedWorkflow => ({ ok: false, reason });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** True when arrays and objects nest deeper than DEEPEST. Reads text, so that nothing deep is ever built. */
const nestsTooDeeply = (text: string): boolean => {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (OPENING.has(code)) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (CLOSING.has(code)) depth -= 1;
  }
  return false;
};

const parseJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // the caller refuses the file: JSON.parse throws for nothing but text that is not JSON
  }
};

const isWorkflow = (value: unknown): value is Workflow =>
  isRecord(value) && Array.isArray(value.nodes) && value.nodes.every(isNode) && isRecord(value.connections);

/** Any value that means to be a workflow, also when its nodes turn out to be broken. */
const looksLikeWorkflow = (value: unknown): boolean =>
  isRecord(value) && Array.isArray(value.nodes) && isRecord(value.connections);

/** What a value holds at its place for workflows; undefined when it has no such place (so it is no wrapper). */
const wrapped = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return undefined;
  if (isRecord(value.workflow)) return [value.workflow];
  if (Array.isArray(value.workflows)) return value.workflows;
  if (Array.isArray(value.data)) return value.data;
  if (isRecord(value.data)) return [value.data];
  return undefined;
};

/** Wrappers seen in real files nest twice at most; two more for an export of exports. */
const MOST_WRAPPERS = 4;

const candidatesIn = (value: unknown, wrappers = MOST_WRAPPERS): readonly unknown[] => {
  if (looksLikeWorkflow(value)) return [value];
  const inside = wrapped(value);
  if (inside === undefined || wrappers === 0) return [];
  return listOf(inside).flatMap((entry) => candidatesIn(entry, wrappers - 1));
};

/**
 * Reads a file as the one n8n workflow it holds: plain, a pasted fragment (`nodes` and `connections`), or inside a
 * wrapper with exactly one. Never throws; `reason` is a sentence for the vendor and quotes nothing of the file.
 */
export const parseWorkflow = (text: string): ParsedWorkflow => {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') return refused('The file is empty.');
  if (nestsTooDeeply(json)) return refused(`The file nests deeper than ${DEEPEST} levels.`);
  const parsed = parseJson(json);
  if (parsed === undefined) return refused('The file is not JSON (or has other text before or after the JSON).');
  const found = candidatesIn(parsed.value);
  if (found.length > 1) return refused(`The file holds ${found.length} workflows; upload one workflow a file.`);
  const [workflow] = found;
  if (workflow === undefined) return refused('The file is not an n8n workflow: it has no nodes and connections.');
  if (!isWorkflow(workflow)) return refused('The file is not an n8n workflow: a node is not an object with a type.');
  if (workflow.nodes.length > MOST_NODES) return refused(`The workflow has more than ${MOST_NODES} nodes.`);
  return { ok: true, workflow };
};
