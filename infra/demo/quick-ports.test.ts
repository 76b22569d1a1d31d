import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jumpingClock } from '../clock/jumping-clock.ts';
import { readConfig } from '../config/config.ts';
import { embeddedPorts } from '../local/embedded-ports.ts';
import type { Ports } from '../local/ports.ts';
import { systemRandom } from '../random/system-random.ts';
import { argon2Hasher, owaspCost } from '../secrets/argon2.ts';
import { quickPorts } from './quick-ports.ts';

const dir = mkdtempSync(join(tmpdir(), 'quick-ports-'));
const clock = jumpingClock(0);
let made: Ports;

beforeAll(async () => {
  const options = { clock, random: systemRandom(clock), durable: false };
  const folder = { path: (name: string) => join(dir, name) };
  made = await embeddedPorts(readConfig({}), folder, pino({ level: 'silent' }), options);
});
afterAll(async () => {
  await made.documentsAsOf.close();
  await made.store.close();
  made.readModels.close();
  made.outbox?.close();
  await made.secrets.close();
  made.signedHeads.close();
  rmSync(dir, { recursive: true });
});

describe('quick ports', () => {
  it('hash as strongly as ever, a password once, and another system’s with another salt', async () => {
    const { hasher } = quickPorts(made);
    const hashes = [];
    for (let person = 0; person < 3; person++) hashes.push(await hasher.hash('of everybody'));
    expect(new Set(hashes).size).toBe(1);
    expect(await quickPorts(made).hasher.hash('of everybody')).not.toBe(hashes[0]);
    const elsewhere = argon2Hasher({ random: systemRandom(clock) });
    for (const hash of hashes) {
      expect(hash).toContain(`m=${owaspCost.memory},t=${owaspCost.passes},p=${owaspCost.parallelism}`);
      expect(await elsewhere.verify('of everybody', hash)).toBe(true);
      expect(await hasher.verify('of everybody', hash)).toBe(true);
      expect(await hasher.verify('another', hash)).toBe(false);
    }
  });

  it('know their tokens for as long as they are there; to everybody else they run out', async () => {
    const { tokens } = quickPorts(made);
    const claims = { accountId: 'account', sessionId: 'session', roles: ['customer'], epoch: 1 };
    const { token } = await tokens.issue(claims);
    clock.jump(clock.now() + 31 * 86_400_000);
    expect(await tokens.verify(token)).toEqual(claims);
    expect(await made.tokens.verify(token)).toBeUndefined();
    expect(await tokens.verify('made up')).toBeUndefined();
  });
});
