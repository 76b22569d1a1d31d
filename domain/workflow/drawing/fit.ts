import type { Box } from './boxes.ts';

/** Canvas units → units of the drawing. Monotone, so what lies left of something stays left of it. */
export type Fit = {
  readonly x: (canvas: number) => number;
  readonly y: (canvas: number) => number;
  /** Of a node's own size. */
  readonly scale: number;
};
export type Frame = { readonly width: number; readonly height: number; readonly margin: number };

type Span = readonly [start: number, end: number];

/** A gap with no node in it is drawn no wider than this, or one stray node would shrink all others to dots. */
const widestGap = 480;
/** A workflow of two nodes does not fill the frame with them. */
const largestScale = 0.42;

/** Distance from the first span's start, with wide gaps between the spans taken together. */
const squeezed = (spans: readonly Span[]): { readonly at: (canvas: number) => number; readonly length: number } => {
  const occupied: { start: number; end: number; from: number }[] = [];
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    const last = occupied.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else {
      const gap = last === undefined ? 0 : Math.min(widestGap, start - last.end);
      occupied.push({ start, end, from: last === undefined ? 0 : last.from + (last.end - last.start) + gap });
    }
  }
  const at = (canvas: number): number => {
    const place = occupied.findLastIndex(({ start }) => start <= canvas);
    const here = occupied[place];
    if (here === undefined) return canvas - (occupied[0]?.start ?? 0);
    const next = occupied[place + 1];
    const within = here.from + Math.min(canvas, here.end) - here.start;
    if (canvas <= here.end) return within;
    if (next === undefined) return within + (canvas - here.end);
    return within + ((canvas - here.end) * (next.from - within)) / (next.start - here.end);
  };
  const last = occupied.at(-1);
  return { at, length: last === undefined ? 0 : last.from + last.end - last.start };
};

/** Puts all boxes, centred and as large as they may be, into the frame. */
export const fitOf = (
  boxes: readonly Pick<Box, 'x' | 'y' | 'width' | 'height'>[],
  { width, height, margin }: Frame,
): Fit => {
  const across = squeezed(boxes.map((box): Span => [box.x, box.x + box.width]));
  const down = squeezed(boxes.map((box): Span => [box.y, box.y + box.height]));
  const scale = Math.min(
    largestScale,
    (width - 2 * margin) / Math.max(1, across.length),
    (height - 2 * margin) / Math.max(1, down.length),
  );
  const [left, top] = [(width - across.length * scale) / 2, (height - down.length * scale) / 2];
  return { scale, x: (canvas) => left + across.at(canvas) * scale, y: (canvas) => top + down.at(canvas) * scale };
};
