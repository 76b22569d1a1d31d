import type { JsonSchema, Operation } from './api-document.ts';

/**
 * Things of the world that a generated request may name, by the word in the path or the field of the body; an `{id}` by
 * the route (`PATCH /products/{id}`) or, where there is no such pool, by the kind (`products/id`).
 */
export type Pools = Readonly<Record<string, readonly unknown[]>>;
export type GeneratedRequest = {
  readonly method: Operation['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
};
/** A float in [0, 1). */
type Fraction = () => number;

const strange: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  'null',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%00',
  '%',
  '<script>',
  '{{7*7}}',
  '"*" AND NEAR(',
  'a'.repeat(5_000),
  '\u202e\u{1f4a9}e\u0301',
  [],
  [[]],
  {},
  { __proto__: null, toString: 1 },
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999-23:59',
  '2026-02-30T00:00:00Z',
];

const chooser = (fraction: Fraction) => {
  const below = (n: number): number => Math.floor(fraction() * n);
  const chance = (p: number): boolean => fraction() < p;
  const oneOf = <T>(list: readonly T[]): T => {
    const chosen = list[below(list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
  return { below, chance, oneOf };
};

/**
 * Makes requests from the API document: most of their parts fit its schemas and name things of `pools`, some are broken
 * on purpose. The same fractions give the same requests.
 */
export const requestGenerator = (fraction: Fraction, pools: Pools) => {
  const { below, chance, oneOf } = chooser(fraction);
  const broken = 0.04;

  const textFor = (name: string, { format, maxLength = 40 }: JsonSchema): unknown => {
    const pool = pools[name];
    if (pool !== undefined && chance(0.85)) return oneOf(pool);
    if (format === 'uuid') return oneOf(pools.id ?? ['7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4d']);
    if (format === 'date-time') return new Date(Date.UTC(2026, below(24), 1 + below(28))).toISOString();
    return oneOf([
      'a',
      'invoice sorter',
      'Zürich 東京',
      'x'.repeat(Math.min(maxLength, 200)),
      '{{ $json }}',
      '*',
      'w"',
    ]);
  };
  const numberFor = ({ type, minimum = 0, maximum = 1_000 }: JsonSchema): number => {
    const edges = [minimum, maximum, minimum + below(5), Math.min(maximum, 1999)];
    const chosen = oneOf(edges);
    return type === 'integer' ? Math.trunc(chosen) : chosen;
  };

  const valueFor = (name: string, schema: JsonSchema): unknown => {
    if (chance(broken)) return oneOf(strange);
    if (schema.anyOf !== undefined) return valueFor(name, oneOf(schema.anyOf));
    if (schema.enum !== undefined) return oneOf(schema.enum);
    switch (schema.type) {
      case 'object': {
        const pool = pools[name];
        if (pool !== undefined && chance(0.8)) return oneOf(pool);
        const fields = Object.entries(schema.properties ?? {}).filter(
          ([field]) => chance(0.5) || (schema.required?.includes(field) === true && !chance(broken)),
        );
        const made = Object.fromEntries(fields.map(([field, inner]) => [field, valueFor(field, inner)]));
        return chance(broken) ? { ...made, surprise: oneOf(strange) } : made;
      }
      case 'array': {
        const { items } = schema;
        return items === undefined ? [] : Array.from({ length: below(4) }, () => valueFor(name, items));
      }
      case 'integer':
      case 'number':
        return numberFor(schema);
      case 'boolean':
        return chance(0.5);
      case 'null':
        return null;
      default:
        return textFor(name, schema);
    }
  };

  const shown = (value: unknown): string =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  const encoded = (text: string): string => (chance(0.02) ? text : encodeURIComponent(text.toWellFormed()));

  const urlOf = ({ path, parameters, key }: Operation): string => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const schema = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? {};
      const pool = name === 'id' ? (pools[key] ?? pools[`${key.split('/')[1]}/id`]) : pools[name];
      const value = chance(broken) ? oneOf(strange) : pool === undefined ? valueFor(name, schema) : oneOf(pool);
      return encoded(shown(value)).replaceAll(' ', '%20') || '-';
    });
    const asked = parameters.filter((one) => one.in === 'query' && (one.required || chance(0.25)));
    const pairs = asked.flatMap(({ name, schema }) => {
      const value = valueFor(name, schema);
      const values = Array.isArray(value) ? value : chance(broken) ? [value, value] : [value];
      return values.map((one) => `${name}=${encoded(shown(one))}`);
    });
    if (chance(broken)) pairs.push(`${oneOf(['surprise', '__proto__', 'limit', '%', 'a[b]'])}=1`);
    return pairs.length === 0 ? filled : `${filled}?${pairs.join('&').replaceAll(' ', '+')}`;
  };

  const headersOf = (): Record<string, string> => ({
    ...(chance(0.1) ? { 'idempotency-key': oneOf(['k1', 'k2', 'k3', '', 'not a key', 'x'.repeat(300)]) } : {}),
    ...(chance(0.1) ? { 'if-match': oneOf(['"0"', '"1"', '*', '1', '"x"', `"${'9'.repeat(18)}"`]) } : {}),
    ...(chance(0.1) ? { 'x-min-position': oneOf(['0', '1', '-1', 'x', `${'9'.repeat(18)}`, '9'.repeat(40)]) } : {}),
    ...(chance(0.1)
      ? { accept: oneOf(['*/*', 'application/json', 'text/csv', 'application/x-ndjson', 'image/png', ';;q=x', '']) }
      : {}),
    ...(chance(0.05)
      ? { range: oneOf(['bytes=0-10', 'bytes=-5', 'bytes=99999999-', 'bytes=5-1', 'lines=1-2', 'bytes=0-0,2-3']) }
      : {}),
    ...(chance(0.05) ? { traceparent: oneOf(['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x']) } : {}),
    ...(chance(0.05) ? { 'x-request-id': oneOf(['mine', 'a b', 'x'.repeat(500)]) } : {}),
  });

  const bodyOf = ({ requestBody }: Operation): { type: string; payload: string | Buffer } | undefined => {
    const schema = requestBody?.content['application/json']?.schema;
    if (schema === undefined || chance(0.02)) return undefined;
    const text = JSON.stringify(valueFor('(body)', schema));
    if (chance(0.02)) return { type: 'application/json', payload: text.slice(0, below(text.length)) };
    if (chance(0.01)) return { type: 'application/json', payload: Buffer.from([...Buffer.from(text), 0xff]) };
    return { type: chance(0.02) ? 'text/plain' : 'application/json', payload: text };
  };

  return (operation: Operation): GeneratedRequest => {
    const body = bodyOf(operation);
    const headers = headersOf();
    return {
      method: operation.method,
      url: urlOf(operation),
      headers: body === undefined ? headers : { ...headers, 'content-type': body.type },
      ...(body === undefined ? {} : { payload: body.payload }),
    };
  };
};
