import { createHash } from 'node:crypto';
import type { StoredEvent } from '../../event-store/port.ts';

/** What happened, in order: as lines for people and as a hash to compare runs by. */
export type Trace = {
  /** Something that a person would want to know: time in milliseconds, then the words. */
  note(at: number, line: string): void;
  /** Something that counts for the hash only. */
  mark(text: string): void;
  event(event: StoredEvent): void;
  lines(): readonly string[];
  hash(): string;
};

/** So many marks are hashed at once. */
const chunk = 2_000;

export const openTrace = (): Trace => {
  const lines: string[] = [];
  const hash = createHash('sha256');
  let marks: string[] = [];
  const flush = (): void => {
    hash.update(marks.join('\n'));
    marks = [];
  };
  const mark = (text: string): void => {
    marks.push(text);
    if (marks.length >= chunk) flush();
  };
  return {
    mark,
    note: (at, line) => {
      const told = `${(at / 1000).toFixed(3).padStart(9)} ${line}`;
      lines.push(told);
      mark(told);
    },
    event: ({ position, stream, revision, id, type, recordedAt, data, metadata }) => {
      mark(`${position} ${stream}@${revision} ${id} ${type} ${recordedAt}`);
      flush();
      hash.update(data).update(metadata);
    },
    lines: () => lines,
    hash: () => {
      flush();
      return hash.copy().digest('hex');
    },
  };
};
