import type { JsonSchema } from './api-document.ts';

/** A body with one thing wrong, as JSON text; `path`: the field that the refusal has to name. */
export type BrokenBody = { readonly what: string; readonly path: string; readonly json: string };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const marker = (literal: string): string => `\uE000${literal}\uE001`;
const textOf = (value: unknown): string =>
  JSON.stringify(value).replace(/"\uE000([^\uE001]*)\uE001"/g, (_, literal: string) =>
    literal.replaceAll('\\\\', '\\').replaceAll('\\"', '"'),
  );

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? [schema];
const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};
const takes = (schema: JsonSchema, kind: string): boolean =>
  alternatives(schema).some(({ type, anyOf, enum: values }) => {
    if (anyOf !== undefined) return anyOf.some((one) => takes(one, kind));
    if (type === undefined) return values?.some((value) => kindOf(value) === kind) ?? true;
    return type === kind || (type === 'integer' && kind === 'number');
  });

const wrongTypes: readonly Json[] = [null, true, 7, 'text', [], {}];

type Wrong = { readonly what: string; readonly value: unknown };

const wrongNumbers = ({ minimum, maximum }: JsonSchema): readonly Wrong[] => [
  { what: 'a fraction', value: 1.5 },
  { what: 'below the least', value: minimum === undefined || minimum < 0 ? -(2 ** 60) : -1 },
  { what: 'above the most', value: (maximum ?? Number.MAX_SAFE_INTEGER) + 1 },
  { what: 'above what a number holds exactly', value: marker('9007199254740993') },
  { what: 'an infinite number', value: marker('1e999') },
  { what: 'a number in quotes', value: '7' },
  { what: 'NaN in quotes', value: 'NaN' },
];
const wrongTexts = ({ maxLength }: JsonSchema): readonly Wrong[] => [
  { what: 'a text that is too long', value: 'x'.repeat((maxLength ?? 20_000) + 1) },
  { what: 'a NUL', value: marker('"a\\u0000b"') },
  { what: 'half a surrogate pair', value: marker('"a\\ud800b"') },
];

/** Everything that is wrong in the place of `value`. */
const wrongFor = (schema: JsonSchema, value: unknown): readonly Wrong[] => {
  const types = wrongTypes
    .filter((wrong) => !takes(schema, kindOf(wrong)))
    .map((wrong) => ({ what: `${JSON.stringify(wrong)}`, value: wrong }));
  const own = alternatives(schema).find((one) => takes(one, kindOf(value)));
  if (own === undefined) return types;
  if (typeof value === 'number') return [...types, ...wrongNumbers(own)];
  if (typeof value === 'string') return [...types, ...wrongTexts(own)];
  if (Array.isArray(value) && own.maxItems !== undefined) {
    const [one] = value;
    return [...types, { what: 'too many', value: Array.from({ length: own.maxItems + 1 }, () => one) }];
  }
  return types;
};

const replaced = (body: unknown, path: readonly (string | number)[], value: unknown): unknown => {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(body)) return body.map((item, i) => (i === head ? replaced(item, rest, value) : item));
  if (typeof body !== 'object' || body === null) throw new Error(`no ${head} in ${JSON.stringify(body)}`);
  return { ...body, [head]: replaced(Reflect.get(body, head), rest, value) };
};
const without = (body: unknown, path: readonly (string | number)[]): unknown => {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1));
  let holder: unknown = body;
  for (const step of parent) holder = Reflect.get(Object(holder), step);
  const { [key]: _, ...rest } = Object(holder);
  return replaced(body, parent, rest);
};

const unknownFields: readonly (readonly [field: string, value: string])[] = [
  ['surprise', '1'],
  ['__proto__', '{"isAdmin":true}'],
  ['constructor', '{"prototype":{}}'],
  ['toString', 'null'],
];

/** Every way to break `body` in one place, by the schema of the route. */
export const brokenBodies = (schema: JsonSchema, body: unknown): readonly BrokenBody[] => {
  const all: BrokenBody[] = [];
  const visit = (at: JsonSchema, value: unknown, path: readonly (string | number)[]): void => {
    const name = path.length === 0 ? '(body)' : path.join('.');
    for (const wrong of wrongFor(at, value))
      all.push({ what: wrong.what, path: name, json: textOf(replaced(body, path, wrong.value)) });
    const own = alternatives(at).find((one) => takes(one, kindOf(value)));
    if (Array.isArray(value) && own?.items !== undefined) {
      const { items } = own;
      value.forEach((item, i) => {
        visit(items, item, [...path, i]);
      });
    }
    if (kindOf(value) !== 'object') return;
    for (const [field, json] of unknownFields) {
      const members = JSON.stringify(value).slice(1, -1);
      const crowded = `{${members}${members === '' ? '' : ','}${JSON.stringify(field)}:${json}}`;
      all.push({
        what: `an unknown ${field}`,
        path: [...path, field].join('.'),
        json:
          path.length === 0
            ? crowded
            : JSON.stringify(replaced(body, path, '\uE002')).replace('"\uE002"', () => crowded),
      });
    }
    for (const [field, inner] of Object.entries(own?.properties ?? {})) {
      const given: unknown = Reflect.get(Object(value), field);
      if (given === undefined) continue;
      visit(inner, given, [...path, field]);
      if (own?.required?.includes(field))
        all.push({
          what: 'missing',
          path: [...path, field].join('.'),
          json: JSON.stringify(without(body, [...path, field])),
        });
    }
  };
  visit(schema, body, []);
  return all;
};
