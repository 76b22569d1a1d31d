import { describe, expect, it } from 'vitest';
import { configHelp, InvalidConfig, readConfig } from './config.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
};

describe('the configuration', () => {
  it('has a default for everything that needs one; an empty variable is an absent one', () =>
    expect(readConfig({ PORT: '', HOST: '' })).toMatchObject({ HOST: '127.0.0.1', PORT: 4000, COMMISSION_BPS: 1000 }));

  it('names every problem at once', () => {
    const problems = problemsOf({ PORT: 'abc', RATE_LIMIT: 'maybe', ADMIN_EMAIL: 'a@b.de', COMMISSION_BPS: '10001' });
    const named = problems.map((problem) => problem.slice(0, problem.indexOf(':')));
    expect(named).toEqual(['PORT', 'COMMISSION_BPS', 'RATE_LIMIT', 'ADMIN_EMAIL, ADMIN_PASSWORD']);
  });

  it('refuses an engine that this release does not speak to, instead of ignoring it', () =>
    expect(problemsOf({ MONGODB_URL: 'mongodb://127.0.0.1' })).toEqual([
      'MONGODB_URL: is not supported by this release, which runs embedded only; unset it',
    ]));

  it('has the demo on where nobody else can come in and no administrator is named; said so, everywhere', () => {
    const demoOf = (env: Record<string, string>) => readConfig(env).DEMO;
    const administrator = { ADMIN_EMAIL: 'a@b.de', ADMIN_PASSWORD: 'a long passphrase' };
    for (const HOST of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) expect(demoOf({ HOST })).toBe('on');
    for (const HOST of ['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example.org'])
      expect(demoOf({ HOST }), HOST).toBe('off');
    expect(demoOf({ HOST: '0.0.0.0', DEMO: 'on' })).toBe('on');
    expect(demoOf({ DEMO: 'off' })).toBe('off');
    expect(demoOf(administrator)).toBe('off');
    expect(problemsOf({ ...administrator, DEMO: 'on' })).toHaveLength(1);
  });

  it('is listed whole by --help', () => {
    for (const name of ['HOST', 'DATA_DIR', 'ADMIN_EMAIL', 'PAYMENT_TIMEOUT_S', 'MASTER_KEY'])
      expect(configHelp()).toContain(name);
  });
});
