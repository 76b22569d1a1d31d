import type { Register, Session } from '../command.ts';
import { CommandFailed, checkFailed, exitCodes } from '../exit-codes.ts';
import { buying, declined, threeDSecure, unknownOutcome } from './buying.ts';
import { disputes, refunds } from './claims.ts';
import { audit, rebuild } from './control.ts';
import { type Market, openMarket } from './market.ts';
import { moderation } from './moderation.ts';
import { debt, payouts } from './money.ts';
import { teller as newTeller, type Teller } from './teller.ts';

const tell = async (session: Session, teller: Teller): Promise<void> => {
  let opened: Market | undefined;
  await teller.chapter('A vendor publishes a workflow', async () => {
    opened = await openMarket(session, teller);
  });
  if (opened === undefined) return; // nothing can happen on a market that did not open
  const market = opened;
  let orderId: string | undefined;
  await teller.chapter('A buyer buys it', async () => {
    orderId = await buying(market);
  });
  await teller.chapter('What must not be sold', () => moderation(market));
  await teller.chapter('A declined card', () => declined(market));
  await teller.chapter('3-D Secure', () => threeDSecure(market));
  await teller.chapter('An unknown outcome', () => unknownOutcome(market));
  await teller.chapter('Refunds', () => refunds(market));
  await teller.chapter('Disputes', () => disputes(market));
  const first = orderId;
  if (first !== undefined) {
    let paidOut = false;
    await teller.chapter('The vendor is paid', async () => {
      paidOut = await payouts(market, first);
    });
    await teller.chapter('The vendor pays back', () => debt(market, paidOut));
    await teller.chapter('The auditor looks', () => audit(market, first));
  }
  await teller.chapter('The operator rebuilds', () => rebuild(market));
};

/** `story`: the main job, told over HTTP on a running system, every sentence checked. */
export const storyCommand: Register = (program, sessionOf) => {
  program
    .command('story')
    .description(
      'tell the main job on a running system, step by step and checked: publish, moderate, buy, refund, dispute, pay out, audit (role: admin)',
    )
    .addHelpText(
      'after',
      `
Makes accounts, a product and orders of its own, which stay. Needs the simulated payment provider. Exit code 1 where a
step differs from what is expected. A server that shows all of it:
  SETTLEMENT_DELAY_S=0 PAYMENT_TIMEOUT_S=5 ADMIN_EMAIL=you@example.org ADMIN_PASSWORD='…' npm start`,
    )
    .action(async (_, command) => {
      const session = sessionOf(command);
      const { terminal, json } = session;
      const { email, roles } = await session.client('admin').ok('GET', '/me');
      if (!Array.isArray(roles) || !roles.includes('admin'))
        throw new CommandFailed(
          exitCodes.denied,
          `the story needs an administrator, and ${String(email)} is none`,
          'FORBIDDEN',
        );
      const began = terminal.clock.now();
      const teller = newTeller({ out: json ? () => undefined : terminal.out });
      await tell(session, teller);
      const of = (outcome: string): number => teller.told.filter((step) => step.outcome === outcome).length;
      const [good, bad, unseen] = [of('as expected'), of('differs'), of('not shown')];
      const seconds = (terminal.clock.now() - began) / 1_000;
      session.result(
        { asExpected: good, differs: bad, notShown: unseen, seconds, steps: teller.told },
        `\n${good} steps as expected, ${bad} not, ${unseen} not shown with this server's settings; ${seconds.toFixed(1)} s\n`,
      );
      if (bad > 0) throw checkFailed(`${bad} steps of the story differ`, 'STORY_DIFFERS');
    });
};
