export type Answered = 'open' | 'refunded' | 'refused';

type AskedLine = { readonly lineId: string; readonly state: Answered };

/**
 * A request is about lines, and each vendor answers for its own: it is open until every line has an answer, and then
 * `refunded` as soon as one of them is.
 */
export const stateOfRequest = (lines: readonly AskedLine[]): Answered => {
  if (lines.some(({ state }) => state === 'open')) return 'open';
  return lines.some(({ state }) => state === 'refunded') ? 'refunded' : 'refused';
};

/** Lines of a request that nobody answered yet. */
export const openLines = (lines: readonly AskedLine[]): readonly string[] =>
  lines.filter(({ state }) => state === 'open').map(({ lineId }) => lineId);

/** The lines with an answer to some of them, or, without `lineIds`, to all that were open. The first answer stands. */
export const withAnswer = <Line extends AskedLine>(
  lines: readonly Line[],
  lineIds: readonly string[] | undefined,
  answer: Partial<Line>,
): readonly Line[] =>
  lines.map((line) =>
    line.state === 'open' && (lineIds === undefined || lineIds.includes(line.lineId)) ? { ...line, ...answer } : line,
  );
