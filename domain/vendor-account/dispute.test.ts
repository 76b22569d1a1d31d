import { describe, expect, it } from 'vitest';
import type { LineEarning } from './commands.ts';
import {
  account,
  availableSale,
  currency,
  dispute,
  disputed,
  mature,
  matured,
  payoutCompleted,
  payoutReserved,
  recorded,
  refunded,
  wholeLine,
} from './samples.ts';
import { balancesOf } from './state.ts';

describe('a dispute', () => {
  const held = dispute('DisputeReserved', { pending: -1799, reserved: 1799 });
  const charged = dispute('DisputeCharged', { clearing: 1999, commission: -200, reserved: -1799 });

  it("reserves the vendor's share from the bucket it is in, once", () => {
    account(recorded).when(disputed('ReserveDispute')).then(held);
    account(...availableSale)
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', { available: -1799, reserved: 1799 }));
    account(recorded, held).when(disputed('ReserveDispute')).thenNothing();
  });

  it('reserves only what refunds left', () => {
    const part: LineEarning = { lineId: 'l1', net: 1000, commission: 100 };
    account(recorded, refunded({ clearing: 1000, commission: -100, pending: -900 }, [part]))
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', { pending: -899, reserved: 899 }));
    account(recorded, refunded({ clearing: 1999, commission: -200, pending: -1799 }, [wholeLine]))
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', {}));
  });

  it('of a sale that was paid out leaves the vendor owing while it is open', () => {
    const state = account(...availableSale, payoutReserved(1799), payoutCompleted(1799))
      .when(disputed('ReserveDispute'))
      .state();
    expect(balancesOf(state)).toEqual([{ currency, pending: 0, available: -1799, reserved: 1799, paidOut: 1799 }]);
  });

  it('that is won gives back to the bucket the sale would be in now, once', () => {
    const toPending = dispute('DisputeReleased', { pending: 1799, reserved: -1799 });
    account(recorded, held).when(disputed('ReleaseDispute')).then(toPending);
    account(recorded, held, toPending).when(disputed('ReleaseDispute')).thenNothing();
    account(recorded, held).when(mature()).then(matured({}));
    account(recorded, held, matured({}))
      .when(disputed('ReleaseDispute'))
      .then(dispute('DisputeReleased', { available: 1799, reserved: -1799 }));
    account(recorded, held, toPending).when(mature()).then(matured());
  });

  it('that is lost debits the vendor its share and the market its commission, once', () => {
    account(recorded, held).when(disputed('ChargeDispute')).then(charged);
    account(recorded, held, charged).when(disputed('ChargeDispute')).thenNothing();
    const after = account(recorded, held, charged);
    expect(balancesOf(after.state())).toEqual([{ currency, pending: 0, available: 0, reserved: 0, paidOut: 0 }]);
    after.when(mature()).then(matured({}));
  });

  it('that ended stays as it ended', () => {
    const released = dispute('DisputeReleased', { pending: 1799, reserved: -1799 });
    account(recorded, held, released).when(disputed('ChargeDispute')).thenNothing();
    account(recorded, held, charged).when(disputed('ReleaseDispute')).thenNothing();
    account(recorded, held, released).when(disputed('ReserveDispute')).thenNothing();
  });

  it('whose end is told before its opening ends where the money is', () => {
    const lost = dispute('DisputeCharged', { clearing: 1999, commission: -200, pending: -1799 });
    account(recorded).when(disputed('ChargeDispute')).then(lost);
    account(recorded, lost).when(disputed('ReserveDispute')).thenNothing();
    const won = dispute('DisputeReleased', {});
    account(recorded).when(disputed('ReleaseDispute')).then(won);
    account(recorded, won).when(disputed('ReserveDispute')).thenNothing();
  });

  it('beside another one of the sale holds it until both are won, and is lost only once', () => {
    const second = dispute('DisputeReserved', {}, 'd2');
    account(recorded, held).when(disputed('ReserveDispute', 'd2')).then(second);
    account(recorded, held, second).when(disputed('ReleaseDispute')).then(dispute('DisputeReleased', {}));
    account(recorded, held, second, dispute('DisputeReleased', {}))
      .when(disputed('ReleaseDispute', 'd2'))
      .then(dispute('DisputeReleased', { pending: 1799, reserved: -1799 }, 'd2'));
    account(recorded, held, second, charged)
      .when(disputed('ChargeDispute', 'd2'))
      .then(dispute('DisputeCharged', {}, 'd2'));
  });
});
