import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../parse-workflow.ts';
import { type PreviewNode, previewOf } from '../preview.ts';
import { type Drawable, drawWorkflow } from './draw-workflow.ts';

const node = (name: string, type: string, x: number, y = 0, disabled = false): PreviewNode => ({
  ...{ name, disabled, typeVersion: 1, position: [x, y] },
  type: `n8n-nodes-base.${type}`,
});
const to = (name: string, type = 'main', index = 0) => ({ node: name, type, index });
const drawing = (nodes: readonly PreviewNode[], connections: Drawable['workflow']['connections'] = {}, notes = []) =>
  drawWorkflow({ workflow: { nodes, connections }, notes });
const edgesOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<path class="wf-edge[^>]*>/g)].map(([edge]) => edge);
const numbersOf = (svg: string): readonly number[] =>
  [...svg.matchAll(/ (?:x|y|cx|cy)="(-?[\d.]+)"/g)].map(([, value]) => Number(value));

describe('the drawing of a workflow', () => {
  it('is the same for the same preview, of the ratio of a card, with both themes and nothing to load', () => {
    const svg = drawing([node('a', 'webhook', 0), node('b', 'set', 300)], { a: { main: [[to('b')]] } });
    expect(svg).toBe(drawing([node('a', 'webhook', 0), node('b', 'set', 300)], { a: { main: [[to('b')]] } }));
    expect(svg).toContain('viewBox="0 0 320 178"');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<script|<image|href|@import|foreignObject/,
    );
  });

  it('draws notes below edges, and edges below nodes', () => {
    const note = { position: [0, 0] as const, width: 200, height: 100, color: 1, content: '<b>hello</b>' };
    const nodes = [node('a', 'set', 0), node('b', 'set', 300)];
    const svg = drawWorkflow({ workflow: { nodes, connections: { a: { main: [[to('b')]] } } }, notes: [note] });
    expect(svg.indexOf('class="wf-note"')).toBeLessThan(svg.indexOf('class="wf-edge"'));
    expect(svg.indexOf('class="wf-edge"')).toBeLessThan(svg.indexOf('class="wf-data"'));
    expect(svg).not.toContain('hello');
  });

  it('dashes AI edges, takes loops under the nodes, and makes disabled nodes faint', () => {
    const agent = { ...node('agent', 'x', 300), type: '@n8n/n8n-nodes-langchain.agent' };
    const model = { ...node('model', 'x', 300, 200), type: '@n8n/n8n-nodes-langchain.lmChatOpenAi' };
    const svg = drawing([node('a', 'set', 0, 0, true), agent, model], {
      a: { main: [[to('agent')]] },
      agent: { main: [[to('a')]] },
      model: { ai_languageModel: [[to('agent', 'ai_languageModel')]] },
    });
    const [forth, back, ai] = edgesOf(svg);
    expect([forth, back].every((edge) => edge?.includes('class="wf-edge"'))).toBe(true);
    expect(back).toContain('L');
    expect(ai).toContain('wf-dashed');
    expect(svg).toContain('wf-data wf-off');
  });

  it('escapes names, also the ones that XML can not hold', () => {
    const svg = drawing([node(`</title><script>alert("1")</script>&\u0000\uFFFE\uD800'`, 'set', 0)]);
    expect(svg).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;');
    for (const bad of ['\u0000', '\uFFFE', '\uD800', '<script']) expect(svg).not.toContain(bad);
  });

  it('keeps every node in the frame and visible, wherever one of them lies', () => {
    const crowd = Array.from({ length: 245 }, (_, n) => node(`n${n}`, 'set', (n % 20) * 200, Math.floor(n / 20) * 200));
    for (const far of [20_000, -20_000, 1e300]) {
      const svg = drawing([...crowd, node('far', 'set', far, -far)]);
      expect(svg.match(/class="wf-data"/g)).toHaveLength(246);
      for (const value of numbersOf(svg)) expect(value >= 0 && value <= 320).toBe(true);
    }
  });

  it('survives what is odd: no node, one name twice, an edge to itself, a slot without edges', () => {
    expect(drawing([])).toContain('0 nodes');
    const svg = drawing([node('a', 'if', 0), node('a', 'set', 200)], { a: { main: [[], [to('a'), to('gone')]] } });
    expect(edgesOf(svg)).toHaveLength(1);
    expect(svg).not.toContain('NaN');
  });

  it('draws the examples, every edge of them', () => {
    const folder = new URL('../examples/', import.meta.url);
    for (const file of readdirSync(folder)) {
      const parsed = parseWorkflow(readFileSync(new URL(file, folder), 'utf8'));
      if (!parsed.ok) continue;
      const preview = previewOf(parsed.workflow);
      const edges = Object.values(preview.workflow.connections).flatMap((outputs) => Object.values(outputs).flat(2));
      expect(edgesOf(drawWorkflow(preview))).toHaveLength(edges.length);
    }
  });
});
