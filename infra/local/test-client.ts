import { administrator, type TestSystem } from './test-system.ts';

type Reply = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
};
type CallOptions = { readonly headers?: Record<string, string> };

export const workflowFile = (name: string): string =>
  JSON.stringify({
    name,
    nodes: [
      {
        id: 'a',
        name: 'Start',
        type: 'n8n-nodes-base.manualTrigger',
        typeVersion: 1,
        position: [0, 0],
        parameters: {},
      },
      { id: 'b', name: 'Set', type: 'n8n-nodes-base.set', typeVersion: 3.4, position: [220, 0], parameters: {} },
    ],
    connections: { Start: { main: [[{ node: 'Set', type: 'main', index: 0 }]] } },
  });

/** Calls the system's door as one signed-in (or no) person. */
export const clientOf = (system: TestSystem, token?: string) => {
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    payload?: unknown,
    options: CallOptions = {},
  ): Promise<Reply> => {
    const text = typeof payload === 'string';
    const response = await system.app.inject({
      method,
      url: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { payload: text ? payload : JSON.stringify(payload) }),
    });
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      body: isJson ? response.json() : { text: response.body },
      headers: response.headers,
    };
  };
  const ok = async (
    method: Parameters<typeof call>[0],
    path: string,
    payload?: unknown,
    options?: CallOptions,
  ): Promise<Record<string, unknown>> => {
    const reply = await call(method, path, payload, options);
    if (reply.status >= 300)
      throw new Error(`${method} ${path} answered ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return { call, ok, token };
};
export type Client = ReturnType<typeof clientOf>;

const password = 'a long enough passphrase 42';
const textOf = (body: Record<string, unknown>, field: string): string => {
  const value = body[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(body)}`);
  return value;
};

export const signIn = async (system: TestSystem, email: string, secret = password): Promise<Client> =>
  clientOf(
    system,
    textOf(await clientOf(system).ok('POST', '/auth/login', { email, password: secret }), 'accessToken'),
  );
export const signInAdministrator = (system: TestSystem): Promise<Client> =>
  signIn(system, administrator.email, administrator.password);

export type Person = Client & { readonly id: string; readonly email: string };
export const registered = async (system: TestSystem, name: string): Promise<Person> => {
  const email = `${name}@example.test`;
  const id = textOf(await clientOf(system).ok('POST', '/auth/register', { email, password, displayName: name }), 'id');
  return { ...(await signIn(system, email)), id, email };
};
export const withRole = async (system: TestSystem, name: string, role: string): Promise<Person> => {
  const person = await registered(system, name);
  await (await signInAdministrator(system)).ok('PUT', `/accounts/${person.id}/roles`, { roles: [role] });
  return { ...(await signIn(system, person.email)), id: person.id, email: person.email };
};
export type VendorPerson = Person & { readonly vendorId: string };
export const approvedVendor = async (system: TestSystem, name: string): Promise<VendorPerson> => {
  const person = await registered(system, name);
  const vendorId = textOf(
    await person.ok('POST', '/vendors', { displayName: name, country: 'DE', defaultCurrency: 'USD' }),
    'id',
  );
  await (await signInAdministrator(system)).ok('POST', `/vendors/${vendorId}/approve`);
  return { ...(await signIn(system, person.email)), id: person.id, email: person.email, vendorId };
};

/** A multipart body with the file and its version. */
export const upload = (
  file: string | Buffer,
  version = '1.0.0',
): { payload: Buffer; headers: Record<string, string> } => {
  const boundary = 'a-boundary-of-the-test';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="version"\r\n\r\n${version}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="workflow.json"\r\ncontent-type: application/json\r\n\r\n`;
  return {
    payload: Buffer.concat([Buffer.from(head), Buffer.from(file), Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
};

export type OnSale = { readonly id: string; readonly amount: number };
/** A published product with one version. */
export const published = async (
  system: TestSystem,
  vendor: VendorPerson,
  more: Record<string, unknown> = {},
  file = workflowFile('w'),
): Promise<OnSale> => {
  const price = { amount: 1999, currency: 'USD' };
  const body = {
    title: 'Invoice sorter',
    description: 'Sorts invoices.',
    kind: 'n8n-workflow',
    category: 'Finance',
    tags: ['mail'],
    price,
    ...more,
  };
  const id = textOf(await vendor.ok('POST', '/products', body), 'id');
  const { payload, headers } = upload(file);
  const uploaded = await system.app.inject({
    method: 'POST',
    url: `/api/v1/products/${id}/versions`,
    payload,
    headers: { ...headers, authorization: `Bearer ${vendor.token}` },
  });
  if (uploaded.statusCode !== 202) throw new Error(`upload answered ${uploaded.statusCode} ${uploaded.body}`);
  await vendor.ok('POST', `/products/${id}/submit`);
  await (await signInAdministrator(system)).ok('POST', `/products/${id}/approve`, { reason: 'fine' });
  await system.until('on sale', async () => (await clientOf(system).call('GET', `/products/${id}`)).status === 200);
  return { id, amount: 'price' in more ? (more.price as { amount: number }).amount : price.amount };
};

export const orderOf = (
  products: readonly OnSale[],
  paymentMethod = 'pm_card_visa',
  more: Record<string, unknown> = {},
) => ({
  items: products.map(({ id, amount }) => ({ productId: id, quantity: 1, expectedPrice: { amount, currency: 'USD' } })),
  paymentMethod,
  ...more,
});

/** The order once it rests in one of the states. */
export const settled = async (
  system: TestSystem,
  buyer: Client,
  id: unknown,
  states: readonly string[],
): Promise<Record<string, unknown>> =>
  system.until(`order ${states.join(' or ')}`, async () => {
    const { status, body } = await buyer.call('GET', `/orders/${String(id)}`);
    return status === 200 && states.includes(String(body.state)) && body;
  });
