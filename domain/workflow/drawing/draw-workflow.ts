import type { PreviewConnections, PreviewNode, PreviewNote } from '../preview.ts';
import { type Box, boxesOf } from './boxes.ts';
import { type Fit, type Frame, fitOf } from './fit.ts';
import { linksOf } from './links.ts';
import { drawnBox, pathOf, tenth } from './paths.ts';
import { styleSheet } from './style.ts';

/** What of a preview is drawn. */
export type Drawable = {
  readonly workflow: { readonly nodes: readonly PreviewNode[]; readonly connections: PreviewConnections };
  readonly notes: readonly PreviewNote[];
};

/** Grows with every change of what drawings look like, for those who keep them. */
export const drawingVersion = 1;

const frame: Frame = { width: 320, height: 178, margin: 16 };
const mostNodes = 2_000;
const mostNotes = 300;
const noteReach = 20_000;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text for XML: what XML can't hold (controls, lone surrogates, non-characters) is left out. */
const xml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

const noteDrawn = ({ position: [left, top], width, height }: PreviewNote, fit: Fit): string => {
  const within = (from: number, length: number): number => from + Math.min(noteReach, length);
  const clip = (value: number, most: number): number => Math.min(most + 20, Math.max(-20, value));
  const [x, right] = [clip(fit.x(left), frame.width), clip(fit.x(within(left, width)), frame.width)];
  const [y, bottom] = [clip(fit.y(top), frame.height), clip(fit.y(within(top, height)), frame.height)];
  const size = `width="${tenth(Math.max(0, right - x))}" height="${tenth(Math.max(0, bottom - y))}"`;
  return `<rect class="wf-note" x="${tenth(x)}" y="${tenth(y)}" ${size} rx="2"/>`;
};

const outline = (box: Box, fit: Fit): string => {
  const { x, y, width, height } = drawnBox(box, fit);
  const small = Math.min(width, height) / 2;
  if (box.shape === 'sub') {
    return `<rect x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}" rx="${tenth(small)}"`;
  }
  if (box.shape !== 'trigger') {
    const radius = Math.min(small, Math.max(1, 20 * fit.scale));
    return `<rect x="${tenth(x)}" y="${tenth(y)}" width="${tenth(width)}" height="${tenth(height)}" rx="${tenth(radius)}"`;
  }
  const [left, right] = [Math.min(small, Math.max(1.5, 36 * fit.scale)), Math.min(small, Math.max(1, 20 * fit.scale))];
  const arc = (radius: number, dx: number, dy: number): string =>
    `a${tenth(radius)} ${tenth(radius)} 0 0 1 ${tenth(dx)} ${tenth(dy)}`;
  const top = `M${tenth(x + left)} ${tenth(y)}H${tenth(x + width - right)}${arc(right, right, right)}`;
  const bottom = `V${tenth(y + height - right)}${arc(right, -right, right)}H${tenth(x + left)}${arc(left, -left, -left)}`;
  return `<path d="${top}${bottom}V${tenth(y + left)}${arc(left, left, -left)}Z"`;
};

const nodeDrawn = (box: Box, fit: Fit): string => {
  const off = box.node.disabled ? ' wf-off' : '';
  const element = outline(box, fit).startsWith('<path') ? 'path' : 'rect';
  return `${outline(box, fit)} class="wf-${box.ink}${off}"><title>${xml(box.node.name)}</title></${element}>`;
};

/**
 * The drawing of a workflow as an SVG document of 320 × 178, from what anyone may see of it: notes below edges below nodes,
 * AI edges dashed, loops under the nodes, disabled nodes faint. Both themes are in it; no script, no link, nothing to load.
 * Pure: the same preview gives the same bytes. Of a monstrous workflow the first 2,000 nodes and 4,000 edges are drawn.
 */
export const drawWorkflow = ({ workflow, notes }: Drawable): string => {
  const nodes = workflow.nodes.slice(0, mostNodes);
  const links = linksOf(nodes, workflow.connections);
  const boxes = boxesOf(nodes, links);
  const shown = notes.slice(0, mostNotes);
  const framed =
    boxes.length > 0
      ? boxes
      : shown.map(({ position: [x, y], width, height }) => ({
          ...{ x, y },
          width: Math.min(noteReach, width),
          height: Math.min(noteReach, height),
        }));
  const fit = fitOf(framed, frame);
  const largestFirst = shown.toSorted((a, b) => b.width * b.height - a.width * a.height);
  const edges = links.flatMap((link) => {
    const path = pathOf(link, boxes, fit);
    const dashed = link.output.startsWith('ai_') ? ' wf-dashed' : '';
    return path === undefined ? [] : [`<path class="wf-edge${dashed}" d="${path}"/>`];
  });
  const { width, height } = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>Workflow drawing: ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}</title><style>${styleSheet}</style>`,
    '<defs><pattern id="wf-dots" width="8" height="8" patternUnits="userSpaceOnUse"><circle class="wf-dot" cx="4" cy="4" r=".7"/></pattern></defs>',
    `<rect class="wf-ground" width="${width}" height="${height}"/><rect fill="url(#wf-dots)" width="${width}" height="${height}"/>`,
    ...largestFirst.map((note) => noteDrawn(note, fit)),
    ...edges,
    ...boxes.map((box) => nodeDrawn(box, fit)),
    '</svg>',
  ].join('\n');
};
