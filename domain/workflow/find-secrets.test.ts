import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findSecrets } from './find-secrets.ts';
import { parseWorkflow } from './parse-workflow.ts';

const ALPHABET = 'aK7bQ2cX9dM4eR6fT8gW3hZ5jB1kN0mPpLvYsD';
/** Looks random, is always the same, and stands nowhere in this repository as a whole: scanners of repositories are awake too. */
const random = (length: number, seed = 7, alphabet = ALPHABET) =>
  Array.from({ length }, (_, i) => alphabet[(i * i * 3 + i * seed + ((i * 7) >> 2)) % alphabet.length]).join('');
const hex = (length: number) => random(length, 5, '0a1b2c3d4e5f6789');
const digits = (length: number) => random(length, 3, '4719203856');

const inParameters = (parameters: unknown) =>
  findSecrets({ nodes: [{ name: 'N', type: 'n8n-nodes-base.httpRequest', parameters }], connections: {} });
const kindsIn = (text: string) => inParameters({ text }).map(({ kind }) => kind);

describe('a credential with a form of its own is found anywhere in a text', () => {
  const secrets: [string, string][] = [
    ['openai-key', `sk-proj-${random(48)}`],
    ['openai-key', `sk-${random(48)}`],
    ['anthropic-key', `sk-ant-api03-${random(60)}`],
    ['google-api-key', `AIza${random(35)}`],
    ['slack-token', `xoxb-${digits(12)}-${digits(12)}-${random(24)}`],
    ['github-token', `ghp_${random(36)}`],
    ['github-token', `github_pat_${random(60)}`],
    ['aws-access-key', `AKIA${random(16, 5, 'ABCD2EFGH3IJKL4MNO5P')}`],
    ['stripe-key', `sk_live_${random(24)}`],
    ['stripe-key', `rk_live_${random(24)}`],
    ['telegram-bot-token', `${digits(10)}:AA${random(33)}`],
    ['sendgrid-key', `SG.${random(22)}.${random(43)}`],
    ['twilio-key', `SK${hex(32)}`],
    ['tavily-key', `tvly-${random(32)}`],
    ['tavily-key', `tvly-dev-${random(32)}`],
    ['apify-token', `apify_api_${random(36)}`],
    ['huggingface-token', `hf_${random(34)}`],
    ['groq-key', `gsk_${random(52)}`],
    ['perplexity-key', `pplx-${random(48)}`],
    ['xai-key', `xai-${random(80)}`],
    ['facebook-token', `EAAG${random(120)}`],
    ['jwt', `eyJ${random(30)}.eyJ${random(60)}.${random(43)}`],
    ['discord-webhook', `https://discord.com/api/webhooks/${digits(18)}/${random(68)}`],
    ['slack-webhook', `https://hooks.slack.com/services/T${random(9)}/B${random(9)}/${random(24)}`],
    ['make-webhook', `https://hook.eu2.make.com/${random(32, 7, 'a1b2c3d4e5f6g7h8')}`],
    ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64)}\n-----END RSA PRIVATE KEY-----`],
    ['private-key', `-----BEGIN PRIVATE KEY-----\\n${random(64)}\\n${random(64)}\\n-----END PRIVATE KEY-----\\n`],
    ['url-password', `postgres://shop:${random(14)}@db.shop.test:5432/orders`],
    ['bearer-token', `Bearer ${random(40)}`],
    ['basic-auth', `Basic ${random(30)}==`],
  ];
  test.each(secrets)('%s', (kind, secret) => {
    expect(kindsIn(secret)).toEqual([kind]);
    expect(kindsIn(`const call = await get("${secret}"); // go`)).toEqual([kind]);
    expect(kindsIn(`={{ "${secret}" + $json.id }}`)).toEqual([kind]);
    expect(kindsIn(JSON.stringify({ body: JSON.stringify({ deep: secret }) }))).toEqual([kind]);
  });

  test('in a URL, without a word boundary before it, and percent-encoded', () => {
    const token = `${digits(10)}:AA${random(33)}`;
    expect(kindsIn(`https://api.telegram.org/bot${token}/sendMessage`)).toEqual(['telegram-bot-token']);
    expect(kindsIn(`https://x.test/go/bot${token.replace(':', '%3A')}/me`)).toEqual(['telegram-bot-token']);
  });

  test('behind zero-width characters', () => {
    expect(kindsIn(`sk-\u200bproj-${random(20)}\u200d${random(28)}`)).toEqual(['openai-key']);
  });

  test('a presigned address', () => {
    expect(kindsIn(`https://b.s3.amazonaws.com/f.pdf?X-Amz-Signature=${hex(64)}&X-Amz-Date=1`)).toEqual([
      'presigned-url',
    ]);
  });
});

describe('a credential without a form is found by the name beside it', () => {
  const value = hex(32);
  const names = [
    'x-api-key',
    'X-API-Key',
    'api_key',
    'apikey',
    'token',
    'authorization',
    'client_secret',
    'password',
    'xi-api-key',
    'x-rapidapi-key',
    'developer-token',
    'app_secret',
    'accessToken',
    'botToken',
  ];
  test.each(names)('%s', (name) => {
    expect(
      inParameters({
        headerParameters: {
          parameters: [
            { name: 'a', value: 'b' },
            { name, value },
          ],
        },
      }),
    ).toEqual([
      { node: 'N', kind: name === 'password' ? 'password' : 'api-key', path: 'headerParameters.parameters[1].value' },
    ]);
    expect(inParameters({ [name]: value })).toHaveLength(1);
    expect(inParameters({ url: `https://x.test/a?b=c&${name}=${value}&d=e` })).toHaveLength(1);
    expect(inParameters({ url: `=https://x.test/a?${name}={{ "${value}" }}` })).toHaveLength(1);
    expect(inParameters({ jsonBody: `={\n  "${name}": "${value}",\n  "q": "{{ $json.q }}"\n}` })).toHaveLength(1);
    expect(inParameters({ jsCode: `const a = { '${name}': '${value}' };` })).toHaveLength(1);
    expect(inParameters({ jsCode: `headers.set("${name}", "${value}")` })).toHaveLength(1);
    expect(inParameters({ command: `curl -H '${name}: ${value}' https://x.test` })).toHaveLength(1);
    expect(inParameters({ body: JSON.stringify(JSON.stringify({ [name]: value })) })).toHaveLength(1);
    expect(inParameters({ body: JSON.stringify([{ name, value }]) })).toHaveLength(1);
  });

  test('an assignment of a Set node, old and new', () => {
    const name = 'api_key';
    expect(inParameters({ assignments: { assignments: [{ id: 'x', name, value, type: 'string' }] } })).toHaveLength(1);
    expect(inParameters({ values: { string: [{ name, value }] } })).toHaveLength(1);
  });

  test('a command line and a prompt', () => {
    expect(inParameters({ command: `fetcher --api-key ${value} --verbose` })).toHaveLength(1);
    expect(inParameters({ text: `You may call the shop. The API key is ${value}.` })).toHaveLength(1);
  });

  test('a query parameter that is only called key', () => {
    expect(inParameters({ url: `https://maps.test/tiles?key=${value}` })).toHaveLength(1);
    expect(inParameters({ queryParameters: { parameters: [{ name: 'key', value }] } })).toHaveLength(1);
  });

  test('an Authorization header without a scheme, or with an uncommon one', () => {
    for (const header of [value, `Token ${value}`, `ApiKey ${value}`])
      expect(inParameters({ p: [{ name: 'Authorization', value: header }] })).toHaveLength(1);
  });

  test('a UUID that is a key, and a password a person made', () => {
    expect(inParameters({ p: [{ name: 'x-api-key', value: '3f2a9c10-7be4-4d1a-9c55-0e1d2f3a4b5c' }] })).toHaveLength(1);
    expect(inParameters({ password: 'Tr0ub4dour&3' })).toHaveLength(1);
  });
});

describe('where it is looked for', () => {
  const secret = `sk-proj-${random(48)}`;
  const node = { name: 'Here', type: 'n8n-nodes-base.set' };
  test.each([
    [
      'a note',
      { nodes: [{ name: 'Here', type: 'n8n-nodes-base.stickyNote', parameters: { content: `use ${secret}` } }] },
      'content',
    ],
    ['text on a node', { nodes: [{ ...node, notes: secret }] }, 'notes'],
    ['a name', { nodes: [{ ...node, name: secret }] }, 'name'],
    [
      'an inline credential',
      { nodes: [{ ...node, credentials: { httpBasicAuth: { user: 'u', password: 'Tr0ub4dour&3' } } }] },
      'credentials.httpBasicAuth.password',
    ],
    [
      'a credential written where its name belongs',
      { nodes: [{ ...node, credentials: { openAiApi: secret } }] },
      'credentials.openAiApi.label',
    ],
    ['credentials that are a text', { nodes: [{ ...node, credentials: secret }] }, 'credentials'],
    ['pinned data', { nodes: [node], pinData: { Here: [{ json: { a: secret } }] } }, 'pinData[0].json.a'],
    ['static data', { nodes: [node], staticData: { global: { a: secret } } }, 'staticData.global.a'],
    ['static data kept as text', { nodes: [node], staticData: JSON.stringify({ a: secret }) }, 'staticData'],
  ])('%s', (_case, workflow, path) => {
    const findings = findSecrets(workflow);
    expect(findings.map((finding) => finding.path)).toEqual([path]);
    expect(JSON.stringify(findings)).not.toContain(secret.slice(8));
  });

  test('a finding never holds the value, though it is a key or a name', () => {
    const findings = findSecrets({ nodes: [{ ...node, name: secret, parameters: { [secret]: { x: secret } } }] });
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });
});

describe('what is no live credential', () => {
  test.each([
    'YOUR_API_KEY',
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-...',
    '<token>',
    '[REDACTED]',
    'Bearer {{ $json.token }}',
    'Bearer YOUR_ACCESS_TOKEN_HERE_12345',
    '=Bearer {{ $("Config").item.json.access_token_v2 }}',
    'Bearer authentication is required',
    'Basic authentication',
    'Basic dXNlcm5hbWU6cGFzc3dvcmQ=',
    'sk-00000000000000000000000000000000',
    'keyPerformanceIndicators2025',
    'gpt-4o-mini-2024-07-18',
    'claude-sonnet-4-20250514',
    'models/gemini-2.5-flash-preview-05-20',
    '3f2a9c10-7be4-4d1a-9c55-0e1d2f3a4b5c',
    '-----BEGIN PRIVATE KEY-----',
    'Paste -----BEGIN RSA PRIVATE KEY----- here',
    'postgres://user:password@localhost/db',
    'https://user:pass@example.com',
    'AKIAIOSFODNN7EXAMPLE',
    'password: ********',
    'max_tokens=4096',
    'const apiKey = process.env.SERVICE_API_KEY_1;',
    'token = getWorkflowStaticData("global").token2',
    'api_key: {{ $env.API_KEY }}',
    'n8n-auto-generated-fromAI-override',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV',
    'https://docs.google.com/spreadsheets/d/1vyENZFj4aXw7Xa0QAaLhVZEJ7Bp38cGUz13dOe5il/edit',
  ])('%s', (text) => {
    expect(inParameters({ text })).toEqual([]);
  });

  test.each([
    { name: 'X-API-Key', value: '={{ $json.api_key_1234 }}' },
    { name: 'api_key', value: 'YOUR_API_KEY_123456789' },
    { name: 'token', value: 'paste the token of your bot here, 2 minutes' },
    { name: 'password', value: 'password123' },
    { name: 'Authorization', value: 'Bearer <YOUR_TOKEN_V2_1234567890>' },
    { id: '3f2a9c10-7be4-4d1a-9c55-0e1d2f3a4b5c', name: 'status', value: '3f2a9c10-7be4-4d1a-9c55-0e1d2f3a4b5c' },
    { key: `uploads/2024/${random(20)}.pdf`, sessionId: random(32) },
    { text: 'The token is used 3 times, the key is customer_id_2024' },
    { name: 'pageToken', value: random(40) },
    { documentId: { __rl: true, value: random(44), mode: 'id' } },
  ])('%j', (parameter) => {
    expect(inParameters({ p: [parameter] })).toEqual([]);
  });
});

test('example: the finding names node and path', () => {
  const parsed = parseWorkflow(readFileSync(new URL('./examples/leaked-key.json', import.meta.url), 'utf8'));
  expect(parsed.ok && findSecrets(parsed.workflow)).toEqual([
    { node: 'Forecast', kind: 'api-key', path: 'headerParameters.parameters[1].value' },
  ]);
});

test('a file full of secrets has as many findings as a vendor can read', () => {
  const parameters = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`api_key_${i}_token`, hex(32)]));
  expect(inParameters(parameters)).toHaveLength(200);
});

// A pattern that goes back over its own steps would take hours here; the runner's time-out says so.
test('a text of a megabyte is read without going back over it', () => {
  const texts = [
    'a'.repeat(1_000_000),
    'sk-'.repeat(333_000),
    'eyJ'.repeat(333_000),
    'key='.repeat(250_000),
    'token:'.repeat(170_000),
    '"'.repeat(1_000_000),
    'Bearer '.repeat(140_000),
    '1'.repeat(1_000_000),
  ];
  for (const text of texts) expect(() => kindsIn(text)).not.toThrow();
});
