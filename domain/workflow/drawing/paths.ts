import type { Box } from './boxes.ts';
import type { Fit } from './fit.ts';
import type { Link } from './links.ts';

/** A number of the drawing, to a tenth. */
export const tenth = (value: number): string => String(Math.round(value * 10) / 10);

const below = 130;
const bend = 48;

/** The box as it is drawn: never smaller than what can be seen. */
export const drawnBox = (box: Box, fit: Fit) => {
  const width = Math.max(3, box.width * fit.scale);
  const height = Math.max(3, box.height * fit.scale);
  return { x: fit.x(box.x), y: fit.y(box.y), width, height };
};

const mainPath = (source: Box, target: Box, { slot, index }: Link, fit: Fit): string => {
  const [from, to] = [drawnBox(source, fit), drawnBox(target, fit)];
  const sx = from.x + from.width;
  const sy = from.y + (from.height * (slot + 1)) / (source.mainOutputs + 1);
  const tx = to.x;
  const ty = to.y + (to.height * (index + 1)) / (target.mainInputs + 1);
  const point = (x: number, y: number): string => `${tenth(x)} ${tenth(y)}`;
  if (tx >= sx - 1) {
    const middle = (sx + tx) / 2;
    return `M${point(sx, sy)}C${point(middle, sy)} ${point(middle, ty)} ${point(tx, ty)}`;
  }
  // Back to the left: out, under the nodes, and in from the left.
  const reach = Math.max(2, bend * fit.scale);
  const run = sy + Math.max(5, below * fit.scale);
  const out = `C${point(sx + reach, sy)} ${point(sx + reach, run)} ${point(sx, run)}`;
  return `M${point(sx, sy)}${out}L${point(tx, run)}C${point(tx - reach, run)} ${point(tx - reach, ty)} ${point(tx, ty)}`;
};

const aiPath = (source: Box, target: Box, { input }: Link, fit: Fit): string => {
  const [from, to] = [drawnBox(source, fit), drawnBox(target, fit)];
  const port = Math.max(0, target.aiInputs.indexOf(input));
  const [sx, sy] = [from.x + from.width / 2, from.y];
  const [tx, ty] = [to.x + (to.width * (port + 1)) / (target.aiInputs.length + 1), to.y + to.height];
  const middle = (sy + ty) / 2;
  return `M${tenth(sx)} ${tenth(sy)}C${tenth(sx)} ${tenth(middle)} ${tenth(tx)} ${tenth(middle)} ${tenth(tx)} ${tenth(ty)}`;
};

/** The line of an edge: `main` from right to left side, AI from the top of the sub-node to the bottom of its user. */
export const pathOf = (link: Link, boxes: readonly Box[], fit: Fit): string | undefined => {
  const [source, target] = [boxes[link.from], boxes[link.to]];
  if (source === undefined || target === undefined) return undefined;
  return link.output.startsWith('ai_') ? aiPath(source, target, link, fit) : mainPath(source, target, link, fit);
};
