import { afterEach, describe, expect, it } from 'vitest';
import { startTestSystem, type TestSystem } from '../../local/test-system.ts';
import type { Fetch } from '../terminal.ts';
import { terminalAt } from '../test-terminal.ts';

let system: TestSystem;
afterEach(() => system.dispose());

type Step = { readonly step: string; readonly outcome: string; readonly detail?: string };
const stepsOf = (told: Record<string, unknown>): readonly Step[] => {
  if (!Array.isArray(told.steps)) throw new Error('no steps');
  return told.steps;
};

describe('autopilot story', () => {
  it('is whole and as expected on a system that matures and gives up at once', async () => {
    system = await startTestSystem({ env: { SETTLEMENT_DELAY_S: '0', PAYMENT_TIMEOUT_S: '5' } });
    const { code, err, json } = await terminalAt(system).run('story', '--json');
    const told = json();
    expect(stepsOf(told).filter(({ outcome }) => outcome !== 'as expected')).toEqual([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of [
      'declined',
      'given up',
      'licence stays',
      'licence is revoked',
      'wins',
      'loses',
      'returned',
      'is paid',
      'blocked',
      'infected',
      'off sale',
      'pays it back',
      'hash chain',
      'anew',
    ])
      expect(
        stepsOf(told).some(({ step }) => step.includes(word)),
        word,
      ).toBe(true);
  });

  it('says what the settings can’t show; exits 1 where a step differs, says how, and tells the other chapters', async () => {
    system = await startTestSystem();
    const badWeather = (fetch: Fetch): Fetch => {
      return async (request) => {
        const answer = await fetch(request);
        if (!request.url.includes('/orders/')) return answer;
        const text = (await answer.text()).replace('"reason":"declined"', '"reason":"bad weather"');
        return new Response(text, { status: answer.status, headers: answer.headers });
      };
    };
    const { code, out, err } = await terminalAt(system, { wrap: badWeather }).run('story');
    expect(code, out).toBe(1);
    expect(err).toBe('autopilot: 1 steps of the story differ\n');
    expect(out).toContain('A vendor publishes a workflow\n  ✓ An administrator signs in\n');
    expect(out).toContain(
      '✗ The order is cancelled, and says why; no licence, no money\n      reason: expected "declined", got "bad weather"',
    );
    expect(out).toContain('– A payout that is paid');
    expect(out).toContain('SETTLEMENT_DELAY_S=0');
    expect(out).toContain('PAYMENT_TIMEOUT_S=5');
    expect(out).toContain('✓ The kept generation is freed');
    expect(out).toMatch(/\d+ steps as expected, 1 not, 5 not shown/);
  });
});
