import type { ErrorCode } from '../domain/errors.ts';
import type { Access } from '../infra/http/port.ts';
import { headersOf, honouredHeaders } from './described-headers.ts';
import { refHeaders, refusalComponent, refusalName } from './described-problem.ts';
import { scopesFor } from './key-scopes.ts';
import { type DeclaredRoute, isCommand, type Promises, promisesOf } from './promises.ts';

/** An operation of the document while it is being described. */
type Described = Record<string, unknown>;

const successWords: Readonly<Record<number, string>> = {
  200: 'Done, or here it is.',
  201: 'Made.',
  202: 'Taken on; it goes on by itself.',
  204: 'Done; there is nothing to say.',
  206: 'The part that was asked for.',
  304: 'What the client has is still right.',
};

const whoMay = (access: Access): string => {
  if (access === 'anyone') return 'Anyone.';
  if (access === 'signedIn') return 'Any signed-in account.';
  return `Role ${access.roles.join(' or ')}.`;
};

/** `getVendorsByIdBalanceSeries` of `GET /api/v1/vendors/{id}/balance/series`. */
const operationId = (method: string, path: string): string => {
  const words = path
    .replace('/api/v1', '')
    .replaceAll('{', 'by-')
    .split(/[^A-Za-z0-9]+/);
  return [
    method.toLowerCase(),
    ...words.filter(Boolean).map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`),
  ].join('');
};

const isRecord = (value: unknown): value is Described => typeof value === 'object' && value !== null;
const membersOf = (value: unknown): Described => (isRecord(value) ? value : {});

const headerParameter = (name: string, described: { readonly description: string; readonly schema: object }) => ({
  ...{ name, in: 'header', required: false },
  ...described,
});

const parametersOf = (route: DeclaredRoute, { access, honours }: Promises) => [
  ...honours.map((name) => headerParameter(name, honouredHeaders[name])),
  ...(access !== 'anyone' && isCommand(route)
    ? [
        headerParameter('X-CSRF-Token', {
          description: "With cookies: the session's token.",
          schema: { type: 'string' },
        }),
      ]
    : []),
];

const describedSuccess = (method: string, status: number, given: unknown, { sends }: Promises): Described => {
  const { description, content, ...rest } = membersOf(given);
  return {
    ...rest,
    ...(content === undefined || method === 'HEAD' ? {} : { content }),
    description: description === 'Default Response' ? (successWords[status] ?? description) : description,
    headers: refHeaders(headersOf(status, sends)),
  };
};

/**
 * Describes operations by what their routes promise; equal refusals are one component. `refusals` gives the components of all
 * that were described.
 */
export const operationDescriber = () => {
  const used = new Map<string, readonly [number, readonly ErrorCode[]]>();

  const refusal = (status: number, codes: readonly ErrorCode[]) => {
    const name = refusalName(status, codes);
    used.set(name, [status, codes]);
    return { $ref: `#/components/responses/${name}` };
  };

  return {
    /** Changes `operation`; `method` of the route is the one described. */
    describe: (operation: Described, route: DeclaredRoute & { readonly method: string }, path: string): void => {
      const promises = promisesOf(route);
      const { access, bodyRequired, refusals } = promises;
      const sessionOnly = route.config?.sessionOnly === true;
      const tags = route.schema?.tags ?? [];
      const apiKeyScopes = access === 'anyone' ? [] : scopesFor({ method: route.method, access, sessionOnly, tags });
      operation.operationId = operationId(route.method, path);
      operation['x-access'] = { roles: typeof access === 'object' ? access.roles : access, apiKeyScopes };
      const who = `Who may call it: ${whoMay(access)}`;
      const scopes =
        apiKeyScopes.length === 0 ? 'No API key may.' : `API keys with the scope ${apiKeyScopes.join(' or ')}.`;
      operation.description = [route.schema?.description, access === 'anyone' ? who : `${who} ${scopes}`]
        .filter(Boolean)
        .join('\n\n');
      if (access !== 'anyone')
        operation.security = [{ bearer: [] }, ...(apiKeyScopes.length === 0 ? [] : [{ apiKey: [] }]), { browser: [] }];
      if (isRecord(operation.requestBody)) operation.requestBody.required = bodyRequired;
      const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
      const added = parametersOf(route, promises);
      if (parameters.length + added.length > 0) operation.parameters = [...parameters, ...added];
      operation.responses = Object.fromEntries([
        ...Object.entries(membersOf(operation.responses)).map(([status, given]) => [
          status,
          describedSuccess(route.method, Number(status), given, promises),
        ]),
        ...[...refusals].map(([status, codes]) => [String(status), refusal(status, codes)]),
      ]);
    },
    refusals: () =>
      Object.fromEntries([...used].map(([name, [status, codes]]) => [name, refusalComponent(status, codes)])),
  };
};
