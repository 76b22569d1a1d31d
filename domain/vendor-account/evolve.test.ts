import { describe, expect, it } from 'vitest';
import type { VendorAccountEvent } from './events.ts';
import {
  account,
  availableSale,
  dispute,
  matured,
  payoutCompleted,
  payoutReleased,
  payoutReserved,
  recorded,
  refunded,
  wholeLine,
} from './samples.ts';

describe('impossible events', () => {
  const held = dispute('DisputeReserved', { pending: -1799, reserved: 1799 });
  const won = dispute('DisputeReleased', { pending: 1799, reserved: -1799 });
  const lost = dispute('DisputeCharged', { clearing: 1999, commission: -200, pending: -1799 });
  const whole = refunded({ clearing: 1999, commission: -200, pending: -1799 }, [wholeLine]);
  const paid = [...availableSale, payoutReserved(1000), payoutCompleted(1000)];
  const back = payoutReleased({ available: 1000, paidOut: -1000 });

  it.each<[string, readonly VendorAccountEvent[], readonly VendorAccountEvent[]]>([
    ['before any sale', [matured(), whole, held, won, lost, payoutReserved(5), payoutCompleted(5)], []],
    ['a sale twice', [recorded, recorded], [recorded]],
    ['a maturity twice', [recorded, matured(), matured()], [recorded, matured()]],
    ['a refund twice', [recorded, whole, whole], [recorded, whole]],
    ['a dispute opened twice', [recorded, held, held], [recorded, held]],
    ['a dispute that ended already', [recorded, lost, lost, won, held], [recorded, lost]],
    [
      'a payout reserved twice',
      [...availableSale, payoutReserved(5), payoutReserved(5)],
      [...availableSale, payoutReserved(5)],
    ],
    ['a payout paid twice', [...paid, payoutCompleted(1000)], paid],
    ['a payout given back twice or paid after that', [...paid, back, back, payoutCompleted(1000)], [...paid, back]],
    ['a payout nobody reserved', [...availableSale, payoutCompleted(5), back], availableSale],
  ])('%s change nothing', (_, history, same) => {
    expect(account(...history).state()).toEqual(account(...same).state());
  });
});
