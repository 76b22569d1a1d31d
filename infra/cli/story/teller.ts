import { CommandFailed, exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export type ToldStep = {
  readonly chapter: string;
  readonly step: string;
  readonly outcome: 'as expected' | 'differs' | 'not shown';
  /** What was seen; what was expected and what came; why it can't be shown. */
  readonly detail?: string;
};

/** What came is not what was expected. */
export class Differs extends Error {
  override readonly name = 'Differs';
}

/** Where `actual` lacks what `expected` has; fields that `expected` does not name may be anything. */
const difference = (expected: unknown, actual: unknown, path = ''): string | undefined => {
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length)
    return `${path === '' ? 'it' : path}: expected ${expected.length} items, got ${actual.length}`;
  if (expected instanceof Object && actual instanceof Object) {
    const of = new Map(Object.entries(actual));
    for (const [field, value] of Object.entries(expected)) {
      const found = difference(value, of.get(field), path === '' ? field : `${path}.${field}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Object.is(expected, actual)) return undefined;
  return `${path === '' ? 'it' : path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
};

/** @throws Differs */
export const expectThat = (actual: unknown, expected: unknown): void => {
  const found = difference(expected, actual);
  if (found !== undefined) throw new Differs(found);
};

export type Teller = {
  /** Tells a chapter; one that goes wrong ends there, and the next begins. */
  chapter(title: string, tell: () => Promise<void>): Promise<void>;
  /** One sentence and its proof: `work` rejects where what it says does not hold. `show` says what was seen. */
  step<T>(sentence: string, work: () => Promise<T>, show?: (result: T) => string): Promise<T>;
  /** What these settings can't show, and how to see it. */
  notShown(sentence: string, why: string): void;
  readonly told: readonly ToldStep[];
};

/** Breaks off a chapter whose step went wrong and is told already. */
class ChapterEnds extends Error {}

export const teller = ({ out }: Pick<Terminal, 'out'>): Teller => {
  const told: ToldStep[] = [];
  let chapter = '';
  const note = (step: ToldStep, mark: string): void => {
    told.push(step);
    const lines = step.detail === undefined ? '' : `\n      ${step.detail}`;
    out(`  ${mark} ${step.step}${lines}\n`);
  };
  return {
    told,
    chapter: async (title, tell) => {
      chapter = title;
      out(`\n${title}\n`);
      try {
        await tell();
      } catch (error) {
        if (!(error instanceof ChapterEnds)) throw error;
      }
    },
    step: async (step, work, show) => {
      try {
        const result = await work();
        const detail = show?.(result);
        note({ chapter, step, outcome: 'as expected', ...(detail === undefined ? {} : { detail }) }, '✓');
        return result;
      } catch (error) {
        const refused = error instanceof CommandFailed && error.exitCode === exitCodes.failed;
        if (!refused && !(error instanceof Differs)) throw error;
        note({ chapter, step, outcome: 'differs', detail: error.message }, '✗');
        throw new ChapterEnds();
      }
    },
    notShown: (step, detail) => note({ chapter, step, outcome: 'not shown', detail }, '–'),
  };
};
