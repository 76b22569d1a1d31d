import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeWorkflow } from './describe-workflow.ts';
import { findSecrets } from './find-secrets.ts';
import type { JsonRecord } from './json.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { previewOf } from './preview.ts';

const example = (name: string): JsonRecord => {
  const parsed = parseWorkflow(readFileSync(new URL(`./examples/${name}.json`, import.meta.url), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.workflow;
};
const noOp = (name: unknown, more = {}) => ({ name, type: 'n8n-nodes-base.noOp', ...more });
const sticky = (parameters: unknown) => ({ name: 'S', type: 'n8n-nodes-base.stickyNote', parameters });
const to = (node: unknown) => ({ main: [[{ node, type: 'main', index: 0 }]] });

test('example: a preview is nodes, edges, notes, credentials and risks, and nothing else of the file', () => {
  expect(previewOf(example('mail-digest'))).toEqual({
    workflow: {
      nodes: [
        {
          name: 'Every morning',
          type: 'n8n-nodes-base.scheduleTrigger',
          typeVersion: 1.2,
          position: [0, 0],
          disabled: false,
        },
        { name: 'Unread mail', type: 'n8n-nodes-base.gmail', typeVersion: 2.1, position: [220, 0], disabled: false },
        {
          name: 'Summarise',
          type: '@n8n/n8n-nodes-langchain.openAi',
          typeVersion: 1.8,
          position: [440, 0],
          disabled: false,
        },
        { name: 'Tell me', type: 'n8n-nodes-base.telegram', typeVersion: 1.2, position: [660, 0], disabled: true },
      ],
      connections: { 'Every morning': to('Unread mail'), 'Unread mail': to('Summarise'), Summarise: to('Tell me') },
    },
    notes: [
      {
        position: [-40, -200],
        width: 420,
        height: 160,
        color: 4,
        content: '## How to set up\nQuestions: [removed]\n[Video](https://videos.whitcombe-mail.net/watch)',
      },
    ],
    credentials: [
      { type: 'gmailOAuth2', name: 'Gmail OAuth2 API', kind: 'oauth2', nodes: ['Unread mail'] },
      { type: 'openAiApi', name: 'OpenAI', kind: 'api-key', nodes: ['Summarise'] },
      { type: 'telegramApi', name: 'Telegram API', kind: 'api-key', nodes: ['Tell me'] },
    ],
    risks: [],
  });
});

test('example: credentials of an agent, attached, named in parameters, and guessed where they were stripped', () => {
  expect(previewOf(example('support-agent')).credentials).toEqual([
    { type: 'anthropicApi', name: 'Anthropic', kind: 'api-key', nodes: ['Model'] },
    {
      type: 'googleSheetsOAuth2Api',
      name: 'Google Sheets OAuth2 API',
      kind: 'oauth2',
      nodes: ['Write order', 'Read orders'],
    },
    { type: 'httpHeaderAuth', name: 'Header Auth', kind: 'http-generic', nodes: ['Stock'] },
  ]);
});

test('example: risks of an agent, the highest first', () => {
  expect(previewOf(example('support-agent')).risks.map(({ kind, node, level }) => [level, kind, node])).toEqual([
    ['high', 'ai-write-access', 'Write order'],
    ['high', 'shell-command', 'Clean up'],
    ['medium', 'open-webhook', 'When chat message received'],
    ['medium', 'private-host', 'Stock'],
  ]);
});

test('example: what a card says', () => {
  expect(describeWorkflow(example('mail-digest'))).toEqual({
    nodeCount: 4,
    integrations: ['Gmail', 'OpenAI', 'Telegram'],
    triggers: ['Schedule Trigger'],
  });
  expect(describeWorkflow(example('support-agent'))).toEqual({
    nodeCount: 7,
    integrations: ['Google Sheets', 'Anthropic'],
    triggers: ['Chat Trigger'],
  });
});

describe('connections', () => {
  test('empty and null slots keep their place, edges to or from unknown names are not shown', () => {
    const { connections } = previewOf(example('support-agent')).workflow;
    expect(connections.Agent).toEqual({ main: [[], [], [{ node: 'Clean up', type: 'main', index: 0 }]] });
    expect(Object.keys(connections)).toEqual([
      'When chat message received',
      'Agent',
      'Model',
      'Write order',
      'Read orders',
      'Stock',
    ]);
  });

  test('names are scrubbed the same way everywhere, and distinct names stay distinct', () => {
    const { nodes, connections } = previewOf({
      nodes: [noOp('Mail ann@x.io'), noOp('Mail bob@x.io'), noOp('Mail [removed]'), noOp('Mail ann@x.io')],
      connections: { 'Mail ann@x.io': to('Mail bob@x.io'), 'Mail bob@x.io': to('Mail [removed]') },
    }).workflow;
    expect(nodes.map(({ name }) => name)).toEqual([
      'Mail [removed] (2)',
      'Mail [removed] (3)',
      'Mail [removed]',
      'Mail [removed] (2)',
    ]);
    expect(connections).toEqual({
      'Mail [removed] (2)': to('Mail [removed] (3)'),
      'Mail [removed] (3)': to('Mail [removed]'),
    });
  });

  test('a node may be called anything', () => {
    const names = ['__proto__', 'constructor', '', ' ', 'a\nb', '<b>x</b>', 'Задача', 'toString'];
    const connections = Object.fromEntries(names.map((name) => [name, to(name)]));
    const shown = previewOf({ nodes: names.map((name) => noOp(name)), connections }).workflow;
    expect(Object.keys(shown.connections)).toEqual(names);
    expect(JSON.parse(JSON.stringify(shown.connections))).toEqual(connections);
  });
});

describe('odd nodes and notes', () => {
  test('what is missing gets its default', () => {
    expect(previewOf({ nodes: [{ type: 'CUSTOM.my node' }] }).workflow.nodes).toEqual([
      { name: '', type: 'CUSTOM.my node', typeVersion: 1, position: [0, 0], disabled: false },
    ]);
    expect(previewOf({ nodes: [sticky(null)] }).notes).toEqual([
      { position: [0, 0], width: 240, height: 160, color: 1, content: '' },
    ]);
  });

  test.each([
    [7, 7],
    [1, 1],
    [0, 1],
    [8, 1],
    ['7', 1],
    ['blue', 1],
    ['#FF0000', 1],
    [2.5, 1],
    [null, 1],
  ])('colour %j is drawn as %i', (color, shown) => {
    expect(previewOf({ nodes: [sticky({ color })] }).notes[0]?.color).toBe(shown);
  });

  test('a note is drawn at least 150 by 80', () => {
    expect(previewOf({ nodes: [sticky({ width: 10, height: 10 })] }).notes[0]).toMatchObject({
      width: 150,
      height: 80,
    });
  });

  test("a type, a port or a credential type that is an author's text is not shown", () => {
    const text = JSON.stringify(
      previewOf({
        nodes: [{ name: 'a', type: 'mail ann@x.io', credentials: { 'ann@x.io': {}, 'my private thing': {} } }],
        connections: {
          a: {
            'ann@x.io': [[{ node: 'a', type: 'main', index: 0 }]],
            main: [[{ node: 'a', type: 'ann@x.io', index: 'secret' }]],
          },
        },
      }),
    );
    expect(text).not.toMatch(/ann|private|secret/);
  });
});

test('a secret, an id or a document id known from elsewhere in the file does not come back in a name or note', () => {
  const [key, webhookId, document] = [
    '7c19e0b54fa24d8eb3016c5d92f7a88b',
    '0d4b7c1e-31a8-4df6-8b4d-6a1f0c9e2b77',
    '1vyENZFj4aXw7Xa0QAaLhVZEJ7Bp38cGUz13dOe5il',
  ];
  const preview = JSON.stringify(
    previewOf({
      nodes: [
        noOp(`handler-${webhookId}`, { webhookId, parameters: { api_key: key, documentId: { value: document } } }),
        noOp(`with ${key}`),
        sticky({ content: `open https://docs.google.com/spreadsheets/d/${document}/edit with ${key} at ${webhookId}` }),
      ],
      connections: {},
    }),
  );
  for (const value of [key, webhookId, document]) expect(preview).not.toContain(value);
});

const MARK = 'zq9';
const secretText = fc.string({ maxLength: 12 }).map((text) => `${MARK}${text}${MARK}`);
const looseNode = fc.record(
  {
    name: fc.oneof(fc.string(), fc.constant(null), fc.integer()),
    type: fc.oneof(
      fc.constantFrom(
        'n8n-nodes-base.set',
        'n8n-nodes-base.stickyNote',
        'n8n-nodes-base.httpRequest',
        '@n8n/n8n-nodes-langchain.agent',
        'x.y',
      ),
      fc.integer(),
    ),
    typeVersion: fc.anything(),
    position: fc.anything(),
    disabled: fc.anything(),
    parameters: fc.oneof(
      fc.dictionary(
        fc.constantFrom(
          'url',
          'operation',
          'authentication',
          'nodeCredentialType',
          'genericAuthType',
          'color',
          'width',
          'method',
          'jsCode',
        ),
        fc.oneof(secretText, fc.array(secretText), fc.dictionary(fc.string(), secretText)),
      ),
      fc.constant(null),
    ),
    credentials: fc.oneof(
      fc.dictionary(
        fc.constantFrom('openAiApi', 'zApi', 'x y'),
        fc.oneof(secretText, fc.record({ id: secretText, name: secretText })),
      ),
      secretText,
    ),
    webhookId: secretText,
    notes: secretText,
    id: secretText,
  },
  { requiredKeys: [] },
);
const looseWorkflow = fc.record(
  {
    nodes: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: looseNode }, { weight: 1, arbitrary: fc.jsonValue() })),
      },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    connections: fc.oneof(
      fc.dictionary(fc.string(), fc.dictionary(fc.constantFrom('main', 'ai_tool', 'x'), fc.jsonValue())),
      fc.jsonValue(),
    ),
    pinData: fc.oneof(fc.dictionary(fc.string(), secretText), fc.jsonValue()),
    staticData: secretText,
    meta: fc.record({ instanceId: secretText }),
  },
  { requiredKeys: [] },
);

test('property: nothing throws on anything shaped loosely like a workflow, and no text of a parameter gets out', () => {
  fc.assert(
    fc.property(looseWorkflow, (workflow) => {
      expect(JSON.stringify(previewOf(workflow))).not.toContain(MARK);
      findSecrets(workflow);
      describeWorkflow(workflow);
    }),
    { numRuns: 500 },
  );
});

test('a value nested a hundred thousand deep is walked, not recursed into', () => {
  let deep: unknown = 'bottom';
  for (let i = 0; i < 100_000; i += 1) deep = i % 2 === 0 ? [deep] : { a: deep };
  const workflow = {
    nodes: [noOp('a', { parameters: deep, position: deep, credentials: deep })],
    connections: deep,
    pinData: deep,
  };
  expect(previewOf({ ...workflow, connections: {} }).workflow.nodes).toHaveLength(1);
  expect(findSecrets(workflow)).toEqual([]);
});
