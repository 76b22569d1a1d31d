import type { CredentialKind } from './credential-types.ts';
import { credentialType, isKnownCredential } from './credential-types.ts';
import type { JsonRecord } from './json.ts';
import { isRecord, textOf } from './json.ts';
import { nodeType } from './node-types.ts';
import { scrub } from './scrub.ts';
import type { Scrubber } from './scrub-names.ts';
import type { WorkflowNode } from './workflow.ts';
import { nameOf, parametersOf, workingNodes } from './workflow.ts';

/** A credential the buyer must bring: `name` is the label of its type, `nodes` the (scrubbed) names of those that use it. */
export type NeededCredential = {
  readonly type: string;
  readonly name: string;
  readonly kind: CredentialKind;
  readonly nodes: readonly string[];
};

/** In a table, or at least spelled like a type: anything else in its place is an author's text. */
const isTypeName = (type: string): boolean =>
  isKnownCredential(type) || (/^[a-z][A-Za-z0-9]{2,60}(?:Api|OAuth2|OAuth1|Auth)$/.test(type) && scrub(type) === type);

/** What an HTTP node names in its parameters; a type left over from another choice of `authentication` does not count. */
const namedInParameters = (node: WorkflowNode): string[] => {
  const { authentication, nodeCredentialType, genericAuthType } = parametersOf(node);
  if (authentication === 'predefinedCredentialType') return [textOf(nodeCredentialType) ?? ''];
  if (authentication === 'genericCredentialType') return [textOf(genericAuthType) ?? ''];
  return [];
};

const namedBy = (node: WorkflowNode): string[] => {
  const attached = isRecord(node.credentials) ? Object.keys(node.credentials) : [];
  return [...new Set([...attached, ...namedInParameters(node)])].filter(isTypeName);
};

/** Which of the types a node can use it probably needs: one the workflow uses elsewhere, its chosen way, or the most used. */
const guessedFor = (node: WorkflowNode, named: ReadonlySet<string>): string[] => {
  const possible = nodeType(node.type)?.credentials ?? [];
  const { authentication } = parametersOf(node);
  const chosen = possible.find((type) => {
    if (authentication === 'oAuth2') return /OAuth2/i.test(type);
    if (authentication === 'serviceAccount') return type === 'googleApi';
    if (authentication === 'webhook') return /webhook/i.test(type);
    return authentication === 'accessToken' && !/OAuth2/i.test(type);
  });
  const type = chosen ?? possible.find((candidate) => named.has(candidate)) ?? possible[0];
  return type === undefined ? [] : [type];
};

/**
 * One entry a distinct credential type, in the order of the nodes. A node that names none (exports for sharing strip
 * them) is given the type it most likely needs.
 */
export const neededCredentials = (workflow: JsonRecord, scrubber: Scrubber): NeededCredential[] => {
  const nodes = workingNodes(workflow);
  const named = new Set(nodes.flatMap(namedBy));
  const users = new Map<string, Set<string>>();
  for (const node of nodes) {
    const own = namedBy(node);
    for (const type of own.length > 0 ? own : guessedFor(node, named)) {
      const names = users.get(type) ?? new Set();
      users.set(type, names.add(scrubber.name(nameOf(node))));
    }
  }
  return [...users].map(([type, names]) => {
    const { label, kind } = credentialType(type);
    return { type, name: label, kind, nodes: [...names] };
  });
};
