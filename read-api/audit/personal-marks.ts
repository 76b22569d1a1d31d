import type { Json } from '../../domain/event/definition.ts';
import { SEALED } from './seal.ts';

const marks = /\[sealed\]:\d+/g;

/** Makes marks, one a value, that stand for personal values while a state or a document is folded: rules still tell two machines apart. */
export const personalMarks = (): ((value: string) => string) => {
  const known = new Map<string, string>();
  return (value) => {
    const mark = known.get(value) ?? `${SEALED}:${known.size}`;
    known.set(value, mark);
    return mark;
  };
};

/** JSON with every mark in it sealed, in the names of members too. */
export const sealedMarks = <Value extends Json>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll(marks, SEALED));
