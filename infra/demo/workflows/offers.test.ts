import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../domain/workflow/find-secrets.ts';
import { nodeType } from '../../../domain/workflow/node-types.ts';
import { parseWorkflow } from '../../../domain/workflow/parse-workflow.ts';
import { isSticky, nameOf, type Workflow, workingNodes } from '../../../domain/workflow/workflow.ts';
import { offers } from './offers.ts';

const files = offers
  .filter(({ kind }) => kind === undefined)
  .flatMap(({ ref, versions }) => versions.map(({ version, file }) => ({ name: `${ref} ${version}`, ref, file })));

const read = (file: string): Workflow => {
  const parsed = parseWorkflow(file);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.workflow;
};

type Edge = { readonly from: string; readonly to: string };
const edgesOf = ({ connections }: Workflow): readonly Edge[] =>
  Object.entries(connections).flatMap(([from, types]) =>
    Object.values(types as Record<string, { node: string }[][]>)
      .flat(2)
      .map(({ node }) => ({ from, to: node })),
  );

describe.each(files)('the workflow $name', ({ ref, file }) => {
  const workflow = read(file);
  const nodes = workflow.nodes.filter((node) => !isSticky(node));

  it('has known node types only, each with a version', () => {
    for (const { type, typeVersion } of workflow.nodes) {
      expect(nodeType(type), type).toBeDefined();
      expect(typeof typeVersion).toBe('number');
    }
  });

  it('names each node once, and gives it an id of its own', () => {
    const names = workflow.nodes.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
  });

  it('connects nodes that exist, and leaves none alone', () => {
    const names = new Set(nodes.map(nameOf));
    const edges = edgesOf(workflow);
    const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
    for (const { from, to } of edges) expect([from, to].filter((name) => !names.has(name))).toEqual([]);
    expect([...names].filter((name) => !touched.has(name))).toEqual([]);
  });

  it('begins with a trigger and puts no node upon another', () => {
    const groups = workingNodes(workflow).map(({ type }) => nodeType(type)?.group);
    expect(groups).toContain('trigger');
    expect(new Set(nodes.map(({ position }) => JSON.stringify(position))).size).toBe(nodes.length);
  });

  it('refers in its expressions to nodes that it has', () => {
    const names = new Set(nodes.map(nameOf));
    const text = JSON.stringify(nodes.map(({ parameters }) => parameters)).replaceAll('\\"', '"');
    for (const [, , name] of text.matchAll(/\$\((['"])(.+?)\1\)/g))
      expect(names.has(String(name).replaceAll("\\\\'", "'")), String(name)).toBe(true);
  });

  it('holds no credential and no secret; the one draft that the scan stops holds one', () => {
    expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
    expect(findSecrets(workflow).length).toBe(ref === 'keyring' ? 1 : 0);
  });
});

it('is some forty products that differ, of three vendors, with a description of their own', () => {
  expect(offers.length).toBeGreaterThanOrEqual(40);
  for (const field of ['ref', 'title', 'summary', 'description'] as const)
    expect(new Set(offers.map((offer) => offer[field])).size, field).toBe(offers.length);
  expect(new Set(offers.map(({ vendor }) => vendor)).size).toBe(3);
  const shapes = offers.map(({ versions: [{ file }] }) => file.replace(/"id": "[^"]*"/g, ''));
  expect(new Set(shapes).size).toBe(offers.length);
});
