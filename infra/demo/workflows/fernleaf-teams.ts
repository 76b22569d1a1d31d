import { dependabot, errors, releases, slowQueries, timeline } from './fernleaf-teams-workflows.ts';
import {
  agent,
  calculator,
  chat,
  chatAgent,
  claude,
  documents,
  embeddings,
  fromAi,
  httpTool,
  mcpServer,
  memory,
  openAi,
  qdrantInsert,
  qdrantTool,
  shaped,
  splitter,
  think,
  tool,
  workflowTool,
} from './kit/ai.ts';
import { cron, only, set, sortBy, splitOut, wait, webhook } from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import { driveDownload, driveTrigger, email, http, postgresQuery, slack } from './kit/services.ts';
import type { Offer } from './offer.ts';

const chosen = { __rl: true, mode: 'list', value: '' };

const handover = workflow('On-call handover agent', {
  nodes: {
    'Monday at nine': cron('0 9 * * 1'),
    'Who takes over': postgresQuery("select name, slack, email from oncall where week = to_char(now(), 'IYYY-IW')"),
    'Prepare the handover': agent(
      '=Prepare the handover for {{ $json.name }}. Today is {{ $now.toISODate() }}.',
      'You prepare an on-call handover. Look at open incidents, alerts that fired more than twice last week, risky changes planned this week, and absences. Use every tool once before you write. Say what is unknown. Five bullet points, then the one thing to read first, with links. Never guess a cause.',
      true,
    ),
    Claude: claude(),
    'Open incidents': tool('jira', 1, 'Incidents that are not resolved', {
      operation: 'getAll',
      limit: 20,
      options: { jql: 'project = INC AND statusCategory != Done ORDER BY created DESC' },
    }),
    'Alerts of the week': httpTool('Alerts that fired, newest first', '={{ $env.ALERTMANAGER_URL }}/api/v2/alerts', {
      filter: fromAi('filter', 'a label matcher such as severity="page"'),
    }),
    'Planned changes': tool('googleCalendar', 1.3, 'Changes planned for the week', {
      operation: 'getAll',
      calendar: chosen,
      timeMax: fromAi('until', 'end of the week, ISO 8601'),
      options: {},
    }),
    'Think first': think(),
    'As fields': shaped({
      points: ['a bullet point with a link'],
      readFirst: 'https://…',
      unknown: ['what could not be found out'],
    }),
    'Hand it over': slack(
      "=<@{{ $('Who takes over').item.json.slack }}> {{ $json.output.points.join('\\n• ') }}\nRead first: {{ $json.output.readFirst }}",
    ),
    'Same by mail': email(
      "={{ $('Who takes over').item.json.email }}",
      'Your week on call',
      "={{ $json.output.points.join('<br>') }}",
    ),
  },
  paths: [
    ['Monday at nine', 'Who takes over', 'Prepare the handover', 'Hand it over'],
    ['Prepare the handover', 'Same by mail'],
  ],
  serves: {
    'Prepare the handover': [
      'Claude',
      'Open incidents',
      'Alerts of the week',
      'Planned changes',
      'Think first',
      'As fields',
    ],
  },
});

const runbooks = workflow('Ask the runbooks', {
  nodes: {
    'Runbook changed': driveTrigger('fileUpdated'),
    'Fetch it': driveDownload('={{ $json.id }}'),
    'Into the library': qdrantInsert(),
    'Read the document': documents(),
    'Cut at headings': splitter(1200, 150),
    Embeddings: embeddings(),
    'Question in the chat': chat('Ask about any system we run. I answer from the runbooks and name them.'),
    'Answer from the runbooks': chatAgent(
      'You answer questions of engineers on call. Always search the runbooks first and name the document and section of each step. If they do not say it, say so and name who owns the system. Commands go into code blocks, destructive ones with a warning before them.',
    ),
    'GPT-4.1 mini': openAi(),
    'Last ten turns': memory(),
    'Search the runbooks': qdrantTool(
      'Passages of the runbooks, by meaning. Ask with the name of the system and the symptom.',
    ),
    'Who owns it': tool('postgres', 2.6, 'Owner and on-call channel of a system', {
      operation: 'executeQuery',
      query: "select owner, channel from systems where name ilike '%' || $1 || '%'",
      options: { queryReplacement: fromAi('system', 'name of the system') },
    }),
  },
  paths: [
    ['Runbook changed', 'Fetch it', 'Into the library'],
    ['Question in the chat', 'Answer from the runbooks'],
  ],
  serves: {
    'Into the library': ['Embeddings', 'Read the document'],
    'Read the document': ['Cut at headings'],
    'Answer from the runbooks': ['GPT-4.1 mini', 'Last ten turns', 'Search the runbooks', 'Who owns it'],
    'Search the runbooks': ['Embeddings'],
  },
  notes: [
    {
      text: '## 1. Keep the library fresh\nEvery changed file in the folder is read again.',
      behind: ['Runbook changed', 'Fetch it'],
      color: 4,
    },
    {
      text: '## 2. Answer with sources\nThe agent has to name document and section.',
      behind: ['Question in the chat', 'Answer from the runbooks'],
      color: 5,
    },
  ],
});

const mcp = workflow('Your operations as MCP tools', {
  nodes: {
    'MCP server': mcpServer('operations'),
    'Service status': httpTool(
      'State of all services, as the status page has it',
      '={{ $env.STATUS_URL }}/api/v2/components.json',
    ),
    'Query metrics': httpTool('One PromQL query, newest value', '={{ $env.PROMETHEUS_URL }}/api/v1/query', {
      query: fromAi('query', 'a PromQL expression'),
    }),
    'Recent deploys': tool('postgres', 2.6, 'The last twenty deployments with who and when', {
      operation: 'executeQuery',
      query: 'select service, version, author, at from deployments order by at desc limit 20',
      options: {},
    }),
    'Restart a service': workflowTool(
      'restart_service',
      'Restarts one service after a person agreed in Slack. Takes its name and a reason.',
    ),
    Calculator: calculator(),
  },
  paths: [],
  serves: { 'MCP server': ['Service status', 'Query metrics', 'Recent deploys', 'Restart a service', 'Calculator'] },
  notes: [
    {
      text: '## Read freely, act with consent\nFour tools only read. The fifth calls a workflow of yours that asks a person first; choose it in the node.',
      behind: ['MCP server'],
      color: 6,
    },
  ],
});

/** A key that only looks like one: the scan is to find it, and the product to stay a draft. */
const lookalike = ['sk', 'live', '9fQ2vLx7TmR4bKz8WnYc3HdJ'].join('_');
const keyring = workflow('Rotate API keys on a schedule', {
  nodes: {
    'First of the quarter': cron('0 6 1 */3 *'),
    'Old key': set({ apiKey: lookalike }),
    'Make the next one': http('https://api.example.com/v1/keys', {
      method: 'POST',
      body: '{ "name": "n8n" }',
      signIn: 'httpHeaderAuth',
    }),
    'An hour for everybody': wait(1, 'hours'),
    'Revoke the old one': http('https://api.example.com/v1/keys/old', { method: 'DELETE', signIn: 'httpHeaderAuth' }),
  },
  paths: [['First of the quarter', 'Old key', 'Make the next one', 'An hour for everybody', 'Revoke the old one']],
});

const flags = workflow('Feature flags that grew old', {
  nodes: {
    'Asked for': webhook('stale-flags', { httpMethod: 'GET', responseMode: 'lastNode' }),
    'All flags': http('={{ $env.FLAGS_URL }}/api/admin/features', { signIn: 'httpHeaderAuth' }),
    'Each flag': splitOut('features'),
    'Older than 60 days, always on': only(
      ['={{ DateTime.fromISO($json.createdAt).diffNow("days").days }}', 'number lt', -60],
      ['={{ $json.enabled }}', 'boolean true'],
    ),
    'Oldest first': sortBy('createdAt'),
    'What to remove': set({
      flag: '={{ $json.name }}',
      since: '={{ $json.createdAt }}',
      owner: '={{ $json.project }}',
    }),
  },
  paths: [['Asked for', 'All flags', 'Each flag', 'Older than 60 days, always on', 'Oldest first', 'What to remove']],
});

const vendor = 'fernleaf';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const fernleafTeams: readonly Offer[] = [
  {
    ...{ ref: 'runbooks', vendor, category: 'AI agents', price: 3900, team: 11900, versions: one(runbooks) },
    title: 'Ask the runbooks',
    summary:
      'A chat agent that answers from your own runbooks, names document and section, and says when they are silent.',
    description:
      'Two flows in one: files of a Drive folder are read again whenever they change and kept in Qdrant; a chat agent searches them, looks up who owns a system, and answers with sources.\n\nIt is told to say “the runbooks do not say that”, and it does. Destructive commands come with a warning in front.',
    tags: ['rag', 'agent', 'on-call', 'qdrant'],
  },
  {
    ...{ ref: 'handover', vendor, category: 'AI agents', price: 2900, versions: one(handover) },
    title: 'On-call handover agent',
    summary: 'Reads incidents, alerts and planned changes, and hands the week over in five points with links.',
    description:
      'An agent with four tools and a strict order: look everywhere once, then write. It names what it could not find out and never a cause. The result is fields, so the message looks the same every Monday.',
    tags: ['agent', 'on-call', 'jira', 'slack'],
  },
  {
    ...{ ref: 'error-desk', vendor, category: 'DevOps', price: 1500, versions: one(errors) },
    title: 'Error desk for n8n',
    summary: 'Turns failed executions into one GitHub issue an error, however often it happens.',
    description:
      'Set it as the error workflow of your instance. Failures are fingerprinted by workflow, node and message without numbers; the first of a kind opens an issue and tells the channel, the others are quiet for two weeks.',
    tags: ['errors', 'github', 'redis', 'n8n'],
  },
  {
    ...{ ref: 'releases', vendor, category: 'Engineering', price: 1100, versions: one(releases) },
    title: 'Release notes people read',
    summary: 'Writes New, Changed and Fixed from the commits of a release, for users, without inventing anything.',
    description:
      'Takes the commits between two releases, drops chores and merges in code, and lets a model group and word the rest. Twelve sentences at most. Posts to Slack and keeps a page in Notion.',
    tags: ['github', 'changelog', 'llm'],
  },
  {
    ...{ ref: 'dependabot', vendor, category: 'Engineering', price: 1300, versions: one(dependabot) },
    title: 'Dependency updates, sorted',
    summary: 'Patches are approved, behaviour goes to review, danger becomes a task. Runs on a local model.',
    description:
      'A classifier with three outputs reads title and notes of each update. Because it runs on Ollama nothing of your private dependencies leaves the house. Merging stays with your branch rules.',
    tags: ['github', 'dependencies', 'ollama'],
  },
  {
    ...{ ref: 'mcp-ops', vendor, category: 'AI agents', price: 3400, team: 9900, versions: one(mcp) },
    title: 'Your operations as MCP tools',
    summary: 'Gives any MCP client status, metrics and deployments to read, and a restart that asks a person first.',
    description:
      'One server, five tools. Reading is free; the only tool that acts calls a workflow of yours that asks for consent in Slack. Descriptions are written for models and were tried with three of them.',
    tags: ['mcp', 'agent', 'prometheus'],
  },
  {
    ...{ ref: 'timeline', vendor, category: 'Engineering', price: 1700, versions: one(timeline) },
    title: 'Incident timeline writer',
    summary: 'Makes a blameless timeline from the incident channel, with what was believed and what was true.',
    description:
      'When the incident is closed, the messages of the channel become a timeline in UTC, by role and not by name, with the questions that stay open. A draft to correct, which is a lot faster than an empty page.',
    tags: ['incidents', 'slack', 'notion', 'llm'],
  },
  {
    ...{ ref: 'slow-queries', vendor, category: 'Data', price: 1800, versions: one(slowQueries) },
    title: 'Slow queries of the week',
    summary: 'The five queries that cost your database most, each with one suggestion from its plan.',
    description:
      'Reads pg_stat_statements, explains the five most expensive queries, and asks for one change each. “Nothing” is an allowed answer and comes up often. Starts counting anew every Friday.',
    tags: ['postgres', 'performance', 'llm'],
  },
  {
    ...{ ref: 'flags', vendor, category: 'Engineering', price: 98000, currency: 'JPY', versions: one(flags) },
    title: 'Feature flags that grew old',
    summary: 'Lists flags that have been on for everybody for two months, oldest first, as an API.',
    description:
      'Made for a customer in Osaka, sold in yen. One GET answers the flags that should be removed, with project and age. Works with Unleash and anything that speaks its admin API.',
    tags: ['feature-flags', 'api', 'unleash'],
    stock: 3,
  },
  {
    ...{
      ref: 'keyring',
      vendor,
      category: 'Security',
      price: 2100,
      versions: [{ version: '0.1.0', notes: 'Not finished.', file: keyring }],
    },
    title: 'Rotate API keys on a schedule',
    summary: 'Makes the next key, gives everybody an hour, revokes the old one.',
    description: 'Rotates keys of services that allow two at a time. Draft.',
    tags: ['security', 'keys'],
  },
];
