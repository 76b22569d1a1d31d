import { describe, expect, test } from 'vitest';
import { parseWorkflow } from './parse-workflow.ts';

const workflow = { nodes: [{ name: 'a', type: 'n8n-nodes-base.noOp' }], connections: {} };
const read = (value: unknown) => parseWorkflow(JSON.stringify(value));
const reasonOf = (text: string) => {
  const result = parseWorkflow(text);
  return result.ok ? 'accepted' : result.reason;
};

describe('a file that holds one workflow', () => {
  test.each([
    ['plain', workflow],
    ['an empty canvas', { nodes: [], connections: {} }],
    ['in { workflow }', { workflow }],
    ['in a template response', { workflow: { id: 7, nodes: [{ id: 1, name: 'x' }], workflow } }],
    ['in { data: [one] }', { data: [workflow], nextCursor: null }],
    ['in { data: one }', { data: workflow }],
    ['in { workflows: [one] }', { workflows: [workflow] }],
    ['an array of exactly one', [workflow]],
    ['with unknown keys', { ...workflow, zebra: 1, meta: null, pinData: 'x' }],
  ])('is read: %s', (_case, value) => {
    expect(read(value)).toMatchObject({ ok: true });
  });

  test('a byte order mark does not matter', () => {
    expect(parseWorkflow(`\uFEFF${JSON.stringify(workflow)}`).ok).toBe(true);
  });
});

describe('a file that does not', () => {
  test.each([
    ['', 'empty'],
    [' \n ', 'empty'],
    ['{', 'not JSON'],
    [`${JSON.stringify(workflow)} My title`, 'not JSON'],
    [`${JSON.stringify(workflow)}${JSON.stringify(workflow)}`, 'not JSON'],
    ['null', 'not an n8n workflow'],
    ['"nodes"', 'not an n8n workflow'],
    ['["Sales","Marketing"]', 'not an n8n workflow'],
    ['{"nodes":[]}', 'not an n8n workflow'],
    ['{"nodes":{},"connections":{}}', 'not an n8n workflow'],
    ['{"nodes":[],"connections":[]}', 'not an n8n workflow'],
    ['{"nodes":[null],"connections":{}}', 'not an object with a type'],
    ['{"nodes":[{"name":"a"}],"connections":{}}', 'not an object with a type'],
  ])('is refused: %j', (text, reason) => {
    expect(reasonOf(text)).toContain(reason);
  });

  test.each([
    ['array', [workflow, workflow]],
    ['data', { data: [workflow, workflow] }],
    ['workflows', { workflows: [workflow, workflow] }],
  ])('several workflows are refused and counted: %s', (_case, value) => {
    expect(reasonOf(JSON.stringify(value))).toContain('2 workflows');
  });

  test('too many nodes are refused', () => {
    const node = { type: 'n8n-nodes-base.noOp' };
    expect(read({ nodes: Array(5_000).fill(node), connections: {} }).ok).toBe(true);
    expect(reasonOf(JSON.stringify({ nodes: Array(5_001).fill(node), connections: {} }))).toContain('5000 nodes');
  });

  test.each([
    ['arrays', '['.repeat(100_000)],
    ['closed arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    [
      'inside a parameter',
      `{"nodes":[{"type":"t","parameters":${'['.repeat(100_000)}${']'.repeat(100_000)}}],"connections":{}}`,
    ],
  ])('a very deep file is refused without harm: %s', (_case, text) => {
    expect(reasonOf(text)).toContain('nests deeper');
  });

  test('brackets inside strings are no depth', () => {
    expect(read({ ...workflow, name: '[{"\\"'.repeat(1_000) }).ok).toBe(true);
  });
});
