import { linesOf, order, type Purchase } from './buying.ts';
import { buyer, product, type World } from './world.ts';

const hourMs = 3_600_000;

/** Orders that do not go the usual way, each of them once or twice: every state in which an order may rest. */
export const planOrders = (world: World): void => {
  const { agenda, stage, cast } = world;
  const buy = (at: number, name: string, purchase: Purchase, after?: (orderId: string) => Promise<void>): void =>
    agenda.add(at, async () => {
      const id = await order(world, buyer(world, name), purchase);
      await stage.settle();
      await after?.(id);
    });
  const later = (hours: number, work: () => Promise<void>): void => agenda.add(stage.now() + hours * hourMs, work);
  const refund = (ref: string, orderId: string, body: object): Promise<unknown> =>
    cast.vendors[product(world, ref).offer.vendor].ask('POST', `/orders/${orderId}/refunds`, body);

  // Never paid
  buy(agenda.on(9, 11), 'Diego', { refs: ['invoices'], method: 'pm_card_chargeDeclined' });
  buy(agenda.on(9, 11, 4), 'Diego', { refs: ['invoices'] });
  buy(agenda.on(20, 19), 'Noor', { refs: ['sentinel'], method: 'pm_card_chargeDeclinedInsufficientFunds' });
  buy(agenda.on(13, 16), 'Lucie', { refs: ['leads'], method: 'pm_card_authenticationRequired' });
  buy(agenda.on(18, 9), 'Aiko', { refs: ['support'], method: 'pm_card_authenticationRequired' }, async (id) => {
    await buyer(world, 'Aiko').ask('POST', `/orders/${id}/cancel`);
  });

  // Paid after a while
  buy(agenda.on(15, 10), 'Jonas', { refs: ['contracts'], method: 'pm_card_authenticationRequired' }, async (id) => {
    await buyer(world, 'Jonas').ask('POST', `/orders/${id}/confirm`);
  });
  buy(agenda.on(16, 13), 'Hanne', { refs: ['runbooks'], method: 'pm_unknownOutcome' });
  buy(agenda.last(6), 'Ines', { refs: ['newsletter'], method: 'pm_card_authenticationRequired' });

  // Free, several, for a company
  buy(agenda.on(8, 14), 'Ravi', { refs: ['vat'] });
  buy(agenda.on(22, 15), 'Marcus', { refs: ['vat', 'receipts'] });
  buy(agenda.on(19, 12), 'Lucie', { refs: ['invoices'], team: true, quantity: 2, company: 'Atelier Moreau SARL' });

  // The last of a limited stock, in a currency without minor units
  buy(agenda.on(27, 3), 'Aiko', { refs: ['flags'] });
  buy(agenda.on(28, 9, 15), 'Ravi', { refs: ['flags'] });
  buy(agenda.on(29, 18), 'Marcus', { refs: ['flags'] });
  buy(agenda.on(26, 17), 'Lucie', { refs: ['weekend'] });

  // Given back
  buy(agenda.on(12, 9), 'Ines', { refs: ['receipts', 'suppliers'] }, async (id) =>
    later(30, async () => {
      const [first] = await linesOf(world, id);
      await refund('receipts', id, { lines: [{ lineId: first }], reason: 'The buyer has no Telegram in the company.' });
    }),
  );
  buy(agenda.on(14, 17), 'Ravi', { refs: ['crt'] }, async (id) =>
    later(20, async () => {
      await cast.admin.ask('POST', `/orders/${id}/refunds`, { reason: 'Bought twice by mistake.' });
    }),
  );
  buy(agenda.on(23, 8), 'Hanne', { refs: ['seo'], method: 'pm_card_refundFail' }, async (id) =>
    later(26, async () => {
      await refund('seo', id, { reason: 'Does not fit the sitemap of the buyer.' });
    }),
  );
  buy(agenda.on(24, 11), 'Aiko', { refs: ['podcast'] }, async (id) =>
    later(40, async () => {
      await buyer(world, 'Aiko').ask('POST', `/orders/${id}/refund-requests`, {
        reason: 'Our recordings are in Japanese and the notes come out in English.',
      });
    }),
  );
  buy(agenda.on(21, 11), 'Jonas', { refs: ['dunning'] }, async (id) =>
    later(9, async () => {
      const request = await buyer(world, 'Jonas').make(`/orders/${id}/refund-requests`, {
        reason: 'We use another accounting system after all.',
      });
      await cast.vendors.kontor.ask('POST', `/orders/${id}/refund-requests/${request}/refuse`, {
        reason: 'It was downloaded and ran for a week; the query fits any system with SQL access.',
      });
    }),
  );
  buy(agenda.on(25, 10), 'Diego', { refs: ['inbox'] }, async (id) =>
    later(12, async () => {
      await buyer(world, 'Diego').ask('POST', `/orders/${id}/refund-requests`, {
        reason: 'I meant the support agent.',
      });
      await refund('inbox', id, { reason: 'As asked for.' });
    }),
  );

  // Money that came when nobody waited for it any more
  const tooLate = (at: number, name: string, purchase: Purchase): void =>
    agenda.add(at, async () => {
      stage.provider.hold();
      const who = buyer(world, name);
      const id = await order(world, who, purchase);
      await who.ask('POST', `/orders/${id}/cancel`);
      stage.provider.release();
    });
  tooLate(agenda.on(17, 18), 'Marcus', { refs: ['deadman'] });
  tooLate(agenda.on(28, 20), 'Lucie', { refs: ['competitors'], method: 'pm_card_refundFail' });

  // Disputed
  const dispute = (at: number, name: string, ref: string, evidence?: string): void =>
    buy(at, name, { refs: [ref], method: 'pm_card_createDispute' }, async (id) => {
      if (evidence === undefined) return;
      later(31, async () => {
        await cast.vendors[product(world, ref).offer.vendor].ask('POST', `/orders/${id}/dispute/evidence`, {
          text: evidence,
        });
      });
    });
  dispute(
    agenda.on(11, 21),
    'Marcus',
    'sentinel',
    'winning_evidence: the licence was activated on two machines and the file was downloaded from the address of the buyer.',
  );
  dispute(agenda.on(13, 7), 'Diego', 'leads', 'losing_evidence: we have no record of a download.');
  dispute(agenda.on(29, 15), 'Noor', 'handover');
};
