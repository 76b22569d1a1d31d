import type { FoundString, JsonRecord } from './json.ts';
import { isRecord, listOf, recordOf, stringsIn, textOf } from './json.ts';
import { scrub } from './scrub.ts';
import { isSecretField } from './secret-fields.ts';
import { secretsIn } from './secrets-in-text.ts';
import { readable } from './unmasked.ts';
import { isNode, nameOf } from './workflow.ts';

/** Where a live credential was found, never its value: the node's name (scrubbed), what it looks like, and the path. */
export type SecretFinding = { readonly node: string; readonly kind: string; readonly path: string };

const MOST_FINDINGS = 200;

/** Named instead of a node for what belongs to none. */
const WHOLE_WORKFLOW = '(workflow)';

const NAME_KEYS = ['name', 'key', 'keyName', 'header', 'field', 'parameter', 'id'];
const VALUE_KEYS = new Set(['value', 'stringValue', 'defaultValue']);

/** The names under which a string stands: its key, or in a `{ name, value }` pair what the name says. */
const fieldsOf = ({ key, parent }: FoundString): string[] => {
  if (!isRecord(parent) || !VALUE_KEYS.has(key)) return [key];
  return NAME_KEYS.map((name) => textOf(parent[name])).filter((name) => name !== undefined);
};

type Secret = SecretFinding & { readonly value: string };

const secretsOf = (node: string, found: FoundString): Secret[] => {
  const { text, path } = found;
  const secret = (kind: string, value: string): Secret => ({ node: scrub(node), kind, path: scrub(path), value });
  const clear = readable(text);
  const inText = secretsIn(clear).map(({ kind, start, end }) => secret(kind, clear.slice(start, end)));
  if (inText.length > 0 || text.length < 8) return inText;
  const named = fieldsOf(found).find((field) => isSecretField(field, text));
  if (named === undefined) return [];
  const kind = /pass|pwd/i.test(named) ? 'password' : 'api-key';
  return [secret(kind, text.replace(/^=/, '').trim())];
};

/** Keys of a node that hold no author's text: what n8n writes there is an id, a name of a type, or a place. */
const SKIPPED_NODE_KEYS = new Set(['id', 'type', 'typeVersion', 'position', 'webhookId', 'parameters', 'credentials']);

/** Credential references hold an id and a label (older ones the label alone); only what stands there besides is a value. */
const inlineCredentials = (credentials: unknown): unknown =>
  isRecord(credentials)
    ? Object.fromEntries(
        Object.entries(credentials).map(([type, entry]) => [
          type,
          isRecord(entry)
            ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'id'))
            : { label: entry },
        ]),
      )
    : credentials;

function* allSecrets(workflow: JsonRecord): Generator<Secret> {
  for (const node of listOf(workflow.nodes).filter(isNode)) {
    const name = nameOf(node);
    const others = Object.fromEntries(Object.entries(node).filter(([key]) => !SKIPPED_NODE_KEYS.has(key)));
    for (const found of stringsIn(node.parameters)) yield* secretsOf(name, found);
    for (const found of stringsIn(inlineCredentials(node.credentials), 'credentials')) yield* secretsOf(name, found);
    for (const found of stringsIn(others)) yield* secretsOf(name, found);
  }
  for (const [name, items] of Object.entries(recordOf(workflow.pinData)))
    for (const found of stringsIn(items, 'pinData')) yield* secretsOf(name, found);
  for (const key of ['staticData', 'name', 'description', 'notes', 'settings', 'variables'])
    for (const found of stringsIn(workflow[key], key)) yield* secretsOf(WHOLE_WORKFLOW, found);
}

/**
 * The live-looking credentials of a workflow: in parameters and sticky notes at any depth, also inside code, URLs,
 * expressions and JSON in strings, in pinned and static data and in inline credentials. One finding a node, kind and path,
 * the first 200 of them.
 */
export const findSecrets = (workflow: JsonRecord): SecretFinding[] => {
  const findings = new Map<string, SecretFinding>();
  for (const { node, kind, path } of allSecrets(workflow)) {
    findings.set(JSON.stringify([node, kind, path]), { node, kind, path });
    if (findings.size === MOST_FINDINGS) break;
  }
  return [...findings.values()];
};

/** The values behind the findings, for taking them out of other texts. Never shown, logged or stored. */
export const secretValues = (workflow: JsonRecord): ReadonlySet<string> =>
  new Set([...allSecrets(workflow)].map(({ value }) => value));
