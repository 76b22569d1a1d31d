import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeWorkflow } from './describe-workflow.ts';
import { findSecrets } from './find-secrets.ts';
import { recordOf, stringsIn } from './json.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { previewOf } from './preview.ts';
import { isSticky, nameOf } from './workflow.ts';

type Entry = { file: string; valid: boolean; group: string; features: string[]; credentials: string[]; nodes: number };

const folder = process.env.N8N_CORPUS;
const read = (file: string) => readFileSync(join(folder ?? '', file), 'utf8');
const entries = (): Entry[] => (folder === undefined ? [] : JSON.parse(read('index.json')));

/** What the index says was a live credential in parameters or pinned data before it was replaced by a fake of its form. */
const CREDENTIAL_FEATURES = [
  'masked-tavily',
  'masked-url-key',
  'masked-telegram-bot',
  'masked-facebook',
  'masked-discord-webhook',
];

const EMAIL = /[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi;
const QUERY = /https?:\/\/[^\s"')\\]+\?([^\s"')\\]{4,})/g;

describe.runIf(folder !== undefined)('real workflows in the folder N8N_CORPUS', () => {
  const single = entries().filter(({ valid, group }) => valid && group !== 'array');

  test('every file of the folder is in the index or is one of the two tables', () => {
    const files = readdirSync(folder ?? '').filter((file) => file.endsWith('.json'));
    expect(files).toHaveLength(entries().length + 3);
  });

  test.each(entries())('$file is read or refused as the index says', ({ file, valid, group }) => {
    expect(parseWorkflow(read(file)).ok).toBe(valid && group !== 'array');
  });

  test.each(single)('$file', ({ file, features, credentials, nodes }) => {
    const text = read(file);
    const parsed = parseWorkflow(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    const { workflow } = parsed;
    const preview = previewOf(workflow);
    const shown = JSON.stringify(preview);

    expect(findSecrets(workflow).length > 0).toBe(CREDENTIAL_FEATURES.some((feature) => features.includes(feature)));

    expect(preview.workflow.nodes.length + preview.notes.length).toBe(nodes);
    expect(describeWorkflow(workflow).nodeCount).toBe(preview.workflow.nodes.length);
    expect(preview.credentials.map(({ type }) => type)).toEqual(expect.arrayContaining(credentials));

    const { instanceId } = recordOf(workflow.meta);
    const ids = workflow.nodes.flatMap((node) => [node.id, node.webhookId]).concat(instanceId);
    const isPrivateId = (id: unknown): id is string => typeof id === 'string' && id.length > 8;
    const queries = [...text.matchAll(QUERY)].map(([, query = '']) => query);
    const forbidden = [...(text.match(EMAIL) ?? []), ...queries, ...ids.filter(isPrivateId)];
    expect(forbidden.filter((value) => shown.includes(value))).toEqual([]);

    // Parameters long enough that no name or note holds them by chance; what an author wrote there himself does not count.
    const quoted = (value: unknown) => (JSON.stringify(value) ?? '').slice(1, -1);
    const authored = workflow.nodes.map((node) => quoted([node.name, isSticky(node) && node.parameters])).join();
    const parameters = workflow.nodes
      .filter((node) => !isSticky(node))
      .flatMap((node) => [...stringsIn([node.parameters, node.credentials])].map((found) => quoted(found.text)))
      .filter((parameter) => parameter.length > 16 && !authored.includes(parameter));
    expect(parameters.filter((parameter) => shown.includes(parameter))).toEqual([]);

    const names = new Set(preview.workflow.nodes.map(({ name }) => name));
    expect(names.size).toBe(new Set(workflow.nodes.filter((node) => !isSticky(node)).map(nameOf)).size);
    for (const [source, outputs] of Object.entries(preview.workflow.connections)) {
      expect(names).toContain(source);
      for (const edge of Object.values(outputs).flat(2)) expect(names).toContain(edge.node);
    }
  });
});
