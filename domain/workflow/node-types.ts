import types from './node-types.json' with { type: 'json' };

/** What is known of a node type: `service` is the display name of the outside service it uses, absent for core nodes. */
export type NodeType = {
  readonly label: string;
  readonly group: string;
  readonly service?: string;
  /** Credential types it can use, the most used first; generic HTTP ones left out, since they are optional there. */
  readonly credentials: readonly string[];
};

// A row is `label;group;service;credentials`, service `=` when it equals the label, credentials with commas, the tail left out when empty.
const read = (row: string): NodeType => {
  const [label = '', group = '', service = '', credentials = ''] = row.split(';');
  return {
    label,
    group,
    ...(service === '' ? {} : { service: service === '=' ? label : service }),
    credentials: credentials === '' ? [] : credentials.split(','),
  };
};

const table: ReadonlyMap<string, NodeType> = new Map(Object.entries(types).map(([type, row]) => [type, read(row)]));

/** Facts about a node type, undefined for one that the table does not list. */
export const nodeType = (type: string): NodeType | undefined => table.get(type);

const OFFICIAL = ['n8n-nodes-base.', '@n8n/n8n-nodes-langchain.'];

/** True for a node that does not come with n8n. */
export const isCommunity = (type: string): boolean => !OFFICIAL.some((prefix) => type.startsWith(prefix));

/** `elevenLabsApi` → `Eleven Labs API`, for types that no table lists. */
export const spelledOut = (identifier: string): string =>
  identifier
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/\bApi\b/g, 'API')
    .replace(/\bOAuth2 API\b/g, 'OAuth2');

/** The last part of a type name: `n8n-nodes-base.gmailTool` → `gmailTool`. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
