import { get as httpGet } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DocumentsAsOf } from '../documents/as-of.port.ts';
import { documentsOnThread } from './as-of-thread.ts';
import { registered, withRole } from './test-client.ts';
import { startTestSystem, type TestOptions } from './test-system.ts';

const started = async (options: TestOptions = {}) => {
  const system = await startTestSystem(options);
  onTestFinished(() => system.dispose());
  return system;
};
const { signal } = new AbortController();

it('questions are answered beside each other, and the asker of one may go', async () => {
  const system = await started();
  const { id } = await registered(system, 'ada');
  const { documentsAsOf, store } = system.ports;
  const before = ((await store.head()) ?? 0n) + 1n;
  const gone = new AbortController();
  const left = documentsAsOf.find('people', id, before, gone.signal);
  const stayed = documentsAsOf.find('people', id, before, signal);
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  expect(await stayed).toMatchObject({ document: { id, email: '[sealed]' } });
  await expect(documentsAsOf.find('people', id, before, gone.signal)).rejects.toThrow('gone');
  expect(await documentsAsOf.find('people', 'nobody', before, signal)).toBeUndefined();
});

it('a thread that can’t read its files answers 503, and the next question tries again', async () => {
  let broken = true;
  const system = await started({
    wrap: (ports) => {
      const { documentsAsOf } = ports;
      const none = join('/nowhere', 'missing.sqlite');
      const files = { log: none, readModels: { file: none }, secrets: none, masterKey: new Uint8Array(32) };
      const faulty = documentsOnThread(files);
      const find: DocumentsAsOf['find'] = (...asked) => (broken ? faulty : documentsAsOf).find(...asked);
      const close = async () => void (await Promise.all([faulty.close(), documentsAsOf.close()]));
      return { ...ports, documentsAsOf: { find, close } };
    },
  });
  const auditor = await withRole(system, 'auditor', 'auditor');
  const ask = () => auditor.call('GET', `/audit/read-models/people/${auditor.id}`);
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  expect(await ask()).toMatchObject({ status: 503 });
  broken = false;
  expect(await ask()).toMatchObject({ status: 200, body: { document: { id: auditor.id } } });
});

it('a client that goes away ends its question', async () => {
  const [asked, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const system = await started({
    wrap: (ports) => {
      const find: DocumentsAsOf['find'] = (_projection, _id, _before, until) =>
        new Promise((_, reject) => {
          asked.resolve();
          until.addEventListener('abort', () => {
            ended.resolve();
            reject(until.reason);
          });
        });
      return { ...ports, documentsAsOf: { ...ports.documentsAsOf, find } };
    },
  });
  const auditor = await withRole(system, 'auditor', 'auditor');
  const address = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${auditor.token}` };
  const request = httpGet(`${address}/api/v1/audit/read-models/people/${auditor.id}`, { headers });
  request.on('error', () => {}); // it is cut off below
  await asked.promise;
  request.destroy();
  await ended.promise;
});

it('erases: what a person was is not told any more', async () => {
  const system = await started();
  const auditor = await withRole(system, 'auditor', 'auditor');
  const person = await registered(system, 'gone');
  const path = `/audit/read-models/people/${person.id}`;
  expect(await auditor.ok('GET', path)).toMatchObject({ document: { displayName: '[sealed]' } });
  expect((await person.call('DELETE', '/me')).status).toBe(202);
  await system.until('erased', async () => {
    for await (const page of system.ports.store.readStream(`account-${person.id}`))
      if (page.some(({ type }) => type === 'AccountErasureCompleted')) return true;
    return false;
  });
  expect(JSON.stringify((await auditor.call('GET', path)).body)).not.toContain('[sealed]');
});
