import types from '../../domain/workflow/node-types.json' with { type: 'json' };
import { nodeType } from '../../domain/workflow/node-types.ts';

/** What of a catalogue's line the workflow is made of. */
export type CatalogueLine = {
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
  readonly integrations?: readonly string[];
};

type Node = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly position: readonly [number, number];
  readonly parameters: Readonly<Record<string, unknown>>;
};
type Target = { readonly node: string; readonly type: string; readonly index: number };
export type Workflow = {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly connections: Readonly<Record<string, Readonly<Record<string, readonly (readonly Target[])[]>>>>;
  readonly settings: { readonly executionOrder: 'v1' };
};

type Role = 'trigger' | 'step' | 'model';
const roleOf = (group: string, type: string): Role | undefined => {
  if (group === 'trigger') return 'trigger';
  if (group === 'ai-sub') return /\.lmChat/.test(type) ? 'model' : undefined; // a tool or memory hangs on an agent of its own
  return group === 'note' ? undefined : 'step';
};

/** Service in lower case → the node type that does each role for it; the most used type first, as the table is ordered. */
const byService: ReadonlyMap<string, Readonly<Partial<Record<Role, string>>>> = (() => {
  const found = new Map<string, Partial<Record<Role, string>>>();
  for (const type of Object.keys(types)) {
    const { service, group } = nodeType(type) ?? { group: '' };
    const role = roleOf(group, type);
    if (service === undefined || role === undefined) continue;
    const key = service.toLowerCase();
    const known = found.get(key) ?? {};
    found.set(key, { [role]: type, ...known });
  }
  return found;
})();

/** Other words for a service of the table. */
const aliases: Readonly<Record<string, string>> = {
  whatsapp: 'whatsapp business cloud',
  'mistral ai': 'mistral cloud',
};

const typesOf = (integration: string) => {
  const key = integration.trim().toLowerCase();
  return byService.get(key) ?? byService.get(aliases[key] ?? '') ?? {};
};

const gap = 240;
type Start = { readonly name: string; readonly type: string; readonly parameters: Node['parameters'] };
const base = 'n8n-nodes-base';
const starts: readonly (readonly [tag: RegExp, Start])[] = [
  [
    /schedul/,
    {
      name: 'On a schedule',
      type: `${base}.scheduleTrigger`,
      parameters: { rule: { interval: [{ field: 'hours', hoursInterval: 6 }] } },
    },
  ],
  [/webhook/, { name: 'Webhook', type: `${base}.webhook`, parameters: { path: 'start', httpMethod: 'POST' } }],
  [/form/, { name: 'On a form', type: `${base}.formTrigger`, parameters: { formTitle: 'Start' } }],
  [/chat/, { name: 'On a chat message', type: '@n8n/n8n-nodes-langchain.chatTrigger', parameters: {} }],
];
const byHand: Start = { name: 'When clicked', type: `${base}.manualTrigger`, parameters: {} };

/** A service that can only start something. */
const isOnlyStart = (integration: string): boolean => {
  const { trigger, step, model } = typesOf(integration);
  return trigger !== undefined && step === undefined && model === undefined;
};

/** What starts it: a service that can do nothing else, else what the tags say. */
const startOf = (tags: string, integrations: readonly string[]): Start => {
  const service = integrations.find(isOnlyStart);
  const type = service === undefined ? undefined : typesOf(service).trigger;
  if (service !== undefined && type !== undefined) return { name: service, type, parameters: {} };
  return starts.find(([tag]) => tag.test(tags))?.[1] ?? byHand;
};

/** UUID-shaped, and the same for the same workflow: ids have to differ within one file only. */
const nodeId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** A row of nodes, each connected to the one before. */
const chain = () => {
  const nodes: Node[] = [];
  const connections: Record<string, Record<string, Target[][]>> = {};
  let last: string | undefined;
  let column = 0;

  const add = (
    name: string,
    type: string,
    at: readonly [number, number],
    parameters: Node['parameters'],
    version = 1,
  ) => {
    let free = name;
    for (let n = 2; nodes.some((node) => node.name === free); n += 1) free = `${name} ${n}`;
    nodes.push({ id: nodeId(nodes.length + 1), name: free, type, typeVersion: version, position: at, parameters });
    return free;
  };
  const connect = (from: string, to: string, type: string): void => {
    connections[from] = { ...connections[from], [type]: [[{ node: to, type, index: 0 }]] };
  };
  return {
    nodes,
    connections,
    next: (name: string, type: string, parameters: Node['parameters'] = {}, version = 1): void => {
      const step = add(name, type, [column * gap, 0], parameters, version);
      if (last !== undefined) connect(last, step, 'main');
      last = step;
      column += 1;
    },
    /** Hangs on the last one. */
    below: (name: string, type: string, connection: string): void => {
      const part = add(name, type, [(column - 1) * gap, gap], {});
      if (last !== undefined) connect(part, last, connection);
    },
    note: (content: string): void => {
      add('About', `${base}.stickyNote`, [0, -gap], { content, width: 420, height: 160 });
    },
  };
};

/**
 * A small workflow that n8n imports, made of a line's integrations: a trigger, then a node a service in the order of the
 * line (a chat model hangs on an agent; a service that no table knows is called over HTTP). The same line gives the same bytes.
 */
export const workflowOfLine = (line: CatalogueLine): Workflow => {
  const integrations = line.integrations ?? [];
  const tags = (line.tags ?? []).join(' ').toLowerCase();
  const { nodes, connections, next, below, note } = chain();

  const start = startOf(tags, integrations);
  next(start.name, start.type, start.parameters);
  const subject = { id: 'a', name: 'subject', value: line.category ?? line.title, type: 'string' };
  next('Prepare', `${base}.set`, { assignments: { assignments: [subject] }, options: {} }, 3.4);

  let wantsAgent = /agent|chat/.test(tags);
  for (const integration of integrations.filter((each) => !isOnlyStart(each))) {
    const { model, step } = typesOf(integration);
    if (model !== undefined && (step === undefined || wantsAgent)) {
      next('AI Agent', '@n8n/n8n-nodes-langchain.agent', { promptType: 'define', text: '={{ $json.subject }}' }, 1.9);
      below(`${integration} model`, model, 'ai_languageModel');
      wantsAgent = false;
    } else if (step !== undefined) next(integration, step);
    else next(integration, `${base}.httpRequest`, { url: 'https://example.com/api', method: 'GET', options: {} }, 4.2);
  }

  next('Done', `${base}.noOp`);
  note(`## ${line.title}\nMade from the catalogue's line, as a start.`);
  return { name: line.title, nodes, connections, settings: { executionOrder: 'v1' } };
};
