import type { Place } from './layout.ts';

export type NoteColor = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** A sticky note behind some nodes, with room for its text above them; Markdown. */
export type Note<Name extends string> = {
  readonly text: string;
  readonly behind: readonly [Name, ...Name[]];
  readonly color?: NoteColor;
};

const margin = 48;
const box = 96;
const lineHeight = 24;
/** Characters of a line, for each pixel of width. */
const charactersPerPixel = 1 / 8;

export const noteAround = <Name extends string>(note: Note<Name>, places: ReadonlyMap<Name, Place>) => {
  const found = note.behind.map((name) => places.get(name) ?? ([0, 0] as const));
  const xs = found.map(([x]) => x);
  const ys = found.map(([, y]) => y);
  const width = Math.max(288, Math.max(...xs) - Math.min(...xs) + box + 2 * margin + 32);
  const lines = note.text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / (width * charactersPerPixel))), 0);
  const head = 32 + lines * lineHeight;
  return {
    type: 'n8n-nodes-base.stickyNote',
    typeVersion: 1,
    position: [Math.min(...xs) - margin, Math.min(...ys) - head - 16],
    parameters: {
      content: note.text,
      width,
      height: Math.max(...ys) - Math.min(...ys) + box + head + margin + 48,
      ...(note.color === undefined ? {} : { color: note.color }),
    },
  };
};
