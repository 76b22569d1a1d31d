import type { JsonRecord } from './json.ts';
import { listOf, recordOf, textOf } from './json.ts';
import { isCommunity, nodeType, shortType } from './node-types.ts';
import { addressIn, isPrivateAddress } from './private-hosts.ts';
import type { Scrubber } from './scrub-names.ts';
import type { WorkflowNode } from './workflow.ts';
import { nameOf, parametersOf, workingNodes } from './workflow.ts';

export type RiskLevel = 'low' | 'medium' | 'high';
export type RiskKind = keyof typeof RISKS;
/** Something a buyer should know before running the workflow. `text` is fixed for a kind and quotes nothing of the file. */
export type Risk = { readonly kind: RiskKind; readonly node: string; readonly level: RiskLevel; readonly text: string };

const RISKS = {
  'shell-command': { level: 'high', text: 'Runs commands of the operating system.' },
  'instance-access': { level: 'high', text: 'Reads or changes the n8n installation it runs in.' },
  'ai-write-access': { level: 'high', text: 'An AI agent decides when this tool writes, sends or deletes.' },
  'ai-external-tools': { level: 'medium', text: 'An AI agent may call any tool that an outside server offers.' },
  'open-tools': { level: 'high', text: 'Offers tools on the internet to callers that do not sign in.' },
  'open-webhook': { level: 'medium', text: 'Can be called from the internet by anyone who knows the address.' },
  code: { level: 'medium', text: 'Runs code that the author wrote.' },
  'file-access': { level: 'medium', text: 'Reads or writes files of the machine it runs on.' },
  'private-host': { level: 'medium', text: 'Calls a fixed host inside a private network.' },
  'community-node': { level: 'medium', text: 'Needs a community node, which is not reviewed with n8n.' },
  'unverified-tls': { level: 'medium', text: 'Does not check the certificate of the server it calls.' },
  'unencrypted-request': { level: 'low', text: 'Sends data over an unencrypted connection.' },
  'deletes-data': { level: 'low', text: 'Deletes data in a connected service.' },
  'sub-workflow': { level: 'low', text: 'Starts another workflow, which is not part of this file.' },
  'unknown-node': { level: 'low', text: 'Uses a node type that is not known here.' },
} as const satisfies { readonly [kind: string]: { readonly level: RiskLevel; readonly text: string } };

const BY_TYPE: { readonly [type: string]: RiskKind } = {
  code: 'code',
  function: 'code',
  functionItem: 'code',
  toolCode: 'code',
  aiTransform: 'code',
  executeCommand: 'shell-command',
  ssh: 'shell-command',
  n8n: 'instance-access',
  readWriteFile: 'file-access',
  readBinaryFile: 'file-access',
  readBinaryFiles: 'file-access',
  writeBinaryFile: 'file-access',
  localFileTrigger: 'file-access',
  git: 'file-access',
  executeWorkflow: 'sub-workflow',
  toolWorkflow: 'sub-workflow',
  retrieverWorkflow: 'sub-workflow',
  mcpClientTool: 'ai-external-tools',
};

const typeRisk = (type: string): RiskKind | undefined => {
  const name = shortType(type).replace(/Tool$/, '');
  const known = [shortType(type), name].find((candidate) => Object.hasOwn(BY_TYPE, candidate));
  return known === undefined || isCommunity(type) ? undefined : BY_TYPE[known];
};

const openness = (node: WorkflowNode): RiskKind | undefined => {
  const { authentication, public: isPublic } = parametersOf(node);
  const open = authentication === undefined || authentication === 'none';
  switch (shortType(node.type)) {
    case 'webhook':
    case 'formTrigger':
      return open ? 'open-webhook' : undefined;
    case 'chatTrigger':
      return open && isPublic === true ? 'open-webhook' : undefined;
    case 'mcpTrigger':
      return open ? 'open-tools' : undefined;
    default:
      return undefined;
  }
};

const READS =
  /^(?:get|list|read|search|lookup|find|download|load|retrieve|select|count|availability|info|summar|extract|analy|message$)/i;
const WRITES =
  /^(?:add|append|archive|assign|clear|close|complete|copy|create|delete|draft|edit|execute|insert|invite|label|lock|mark|merge|move|post|publish|put|remove|rename|reply|send|set|share|start|stop|tweet|update|upload|upsert|write)/i;
/** Tools whose node does one thing only, or writes when its operation is left at the default. */
const WRITES_BY_DEFAULT =
  /^(?:gmail|slack|telegram|discord|twilio|emailSend|whatsApp|mattermost|microsoftTeams|microsoftOutlook|linkedIn|twitter|googleCalendar|googleTasks|todoist|trello|asana|clickUp|notion|airtable)Tool$/;
const CHANGING_METHOD = /^(?:POST|PUT|PATCH|DELETE)$/i;

const toolNames = (workflow: JsonRecord): ReadonlySet<string> =>
  new Set(
    Object.entries(recordOf(workflow.connections))
      .filter(([, outputs]) => listOf(recordOf(outputs).ai_tool).length > 0)
      .map(([name]) => name),
  );

const writesAsTool = (node: WorkflowNode): boolean => {
  const { operation, method } = parametersOf(node);
  const type = shortType(node.type);
  if (/^(?:httpRequestTool|toolHttpRequest)$/.test(type)) return CHANGING_METHOD.test(textOf(method) ?? 'GET');
  const named = textOf(operation);
  if (named === undefined) return WRITES_BY_DEFAULT.test(type);
  return WRITES.test(named) || (!READS.test(named) && WRITES_BY_DEFAULT.test(type));
};

const requestRisks = (node: WorkflowNode): RiskKind[] => {
  const { url, endpoint, options, allowUnauthorizedCerts } = parametersOf(node);
  const addresses = [url, endpoint]
    .map((value) => addressIn(textOf(value) ?? ''))
    .filter((found) => found !== undefined);
  const isPrivate = addresses.some(isPrivateAddress);
  const unverified = allowUnauthorizedCerts === true || recordOf(options).allowUnauthorizedCerts === true;
  return [
    ...(isPrivate ? ['private-host' as const] : []),
    ...(!isPrivate && addresses.some((address) => /^http:/i.test(address)) ? ['unencrypted-request' as const] : []),
    ...(unverified ? ['unverified-tls' as const] : []),
  ];
};

const kindsOf = (node: WorkflowNode, tools: ReadonlySet<string>): RiskKind[] => {
  const { operation } = parametersOf(node);
  const isTool = tools.has(nameOf(node)) || /Tool$/.test(shortType(node.type));
  const found = [typeRisk(node.type), openness(node)].filter((kind) => kind !== undefined);
  return [
    ...found,
    ...requestRisks(node),
    ...(isTool && writesAsTool(node) ? ['ai-write-access' as const] : []),
    ...(!isTool && /^delete|^remove|^drop/i.test(textOf(operation) ?? '') ? ['deletes-data' as const] : []),
    ...(isCommunity(node.type) ? ['community-node' as const] : []),
    ...(!isCommunity(node.type) && nodeType(node.type) === undefined ? ['unknown-node' as const] : []),
  ];
};

const ORDER: readonly RiskLevel[] = ['high', 'medium', 'low'];

/** The risks of every node that is not a note (switched-off ones too: the buyer may switch them on), the highest first. */
export const risksOf = (workflow: JsonRecord, scrubber: Scrubber): Risk[] => {
  const tools = toolNames(workflow);
  const risks = workingNodes(workflow).flatMap((node) =>
    [...new Set(kindsOf(node, tools))].map((kind) => ({ kind, node: scrubber.name(nameOf(node)), ...RISKS[kind] })),
  );
  return ORDER.flatMap((level) => risks.filter((risk) => risk.level === level));
};
