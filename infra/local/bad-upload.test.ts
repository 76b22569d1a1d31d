import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultOf, invalid, type Sent } from './refusal.ts';
import { type MarketWorld, startMarketWorld } from './test-world.ts';

let world: MarketWorld;
beforeAll(async () => {
  world = await startMarketWorld();
});
afterAll(() => world.system.dispose());

describe('an upload is refused, named, and appends nothing', () => {
  const key = 'POST /products/{id}/versions';
  const form = (...parts: readonly string[]): Sent => ({
    payload: Buffer.from(`${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, 'latin1'),
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  });
  const field = (name: string, value: string) => `content-disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const file = (content: string) =>
    `content-disposition: form-data; name="file"; filename="w.json"\r\ncontent-type: application/json\r\n\r\n${content}`;
  const workflow = file('{"nodes":[],"connections":{}}');
  const version = field('version', '2.0.0');

  test('another content type', async () => {
    for (const type of ['application/json', 'text/plain'])
      expect(
        await faultOf(
          world,
          key,
          { payload: '{}', headers: { 'content-type': type } },
          { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
        ),
      ).toBeUndefined();
  });

  test.each([
    ['no version', form(workflow), 'version'],
    ['no file', form(version), 'file'],
    ['a version that is none', form(field('version', 'one'), workflow), 'version'],
    ['a version with NUL', form(field('version', '1.0.0\0'), workflow), 'version'],
    ['notes with NUL', form(version, field('notes', 'a\0b'), workflow), 'notes'],
    ['notes that are too long', form(version, field('notes', 'x'.repeat(5001)), workflow), 'notes'],
    ['notes that are not UTF-8', form(version, field('notes', '\xff\xfe'), workflow), 'notes'],
    ['an unknown field', form(version, field('surprise', '1'), workflow), 'surprise'],
    ['a field named __proto__', form(version, field('__proto__', '1'), workflow), '__proto__'],
    ['a field twice', form(version, version, workflow), 'version'],
    ['a file where text is meant', form(file('x').replace('"file"', '"version"'), workflow), 'version'],
    ['no part at all', { payload: '', headers: { 'content-type': 'multipart/form-data; boundary=b' } }, undefined],
    ['no boundary', { payload: 'x', headers: { 'content-type': 'multipart/form-data' } }, undefined],
    ['an empty file', form(version, file('')), 'file'],
    ['an end that is missing', { ...form(version, workflow), payload: '--b\r\n' }, undefined],
  ] as const)('%s', async (_what, sent, path) => {
    expect(await faultOf(world, key, sent, invalid(path))).toBeUndefined();
  });

  test.each([
    ['not JSON', 'this is no JSON'],
    ['no workflow', '{"hello":"world"}'],
    ['deep JSON', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['not UTF-8', '{"nodes":[],"connections":{},"a":"\xff"}'],
  ])('a workflow file that is %s', async (_what, content) => {
    expect(
      await faultOf(world, key, form(version, file(content)), { status: 400, code: 'INVALID_FILE' }),
    ).toBeUndefined();
  });

  test('a file over the limit', async () => {
    const sent = form(version, file(`"${'x'.repeat(5 * 1_048_576)}"`));
    expect(await faultOf(world, key, sent, { status: 413, code: 'PAYLOAD_TOO_LARGE' })).toBeUndefined();
  });
});
