/** Tokens of the design (tokens.css), light and dark. Literal values: a drawing stands alone, also where it is an `<img>`. */
const inks = {
  ground: ['#fdfcf9', '#171d26'],
  dot: ['#dedacd', '#242d38'],
  edge: ['#8d9197', '#66707e'],
  ai: ['#a2386f', '#d582ab'],
  trigger: ['#3a7a4b', '#74b588'],
  app: ['#2f62a8', '#7ea8e0'],
  flow: ['#5f646c', '#a2a8b2'],
  data: ['#8a6632', '#c4a572'],
  note: ['#15181d', '#ece9e1'],
} as const;

const rules = (theme: 0 | 1): string =>
  [
    `.wf-ground{fill:${inks.ground[theme]}}`,
    `.wf-dot{fill:${inks.dot[theme]}}`,
    `.wf-note{fill:${inks.note[theme]};stroke:${inks.note[theme]}}`,
    `.wf-edge{stroke:${inks.edge[theme]}}`,
    `.wf-dashed{stroke:${inks.ai[theme]}}`,
    ...(['trigger', 'ai', 'app', 'flow', 'data'] as const).map((ink) => `.wf-${ink}{fill:${inks[ink][theme]}}`),
  ].join('');

/** Both themes: light, and dark where the reader's system asks for it. */
export const styleSheet = [
  '.wf-note{fill-opacity:.04;stroke-opacity:.1}',
  '.wf-edge{fill:none;stroke-width:1.25}',
  '.wf-dashed{stroke-dasharray:3 2.5;stroke-opacity:.75}',
  '.wf-off{opacity:.4}',
  rules(0),
  `@media (prefers-color-scheme:dark){${rules(1)}}`,
].join('');
