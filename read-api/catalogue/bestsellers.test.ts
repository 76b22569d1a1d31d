import { expect, it } from 'vitest';
import { licenseId, sampleId } from '../../domain/order/samples.ts';
import { day, id, market, publish } from '../world.test.ts';

it('ranks by what sold in the last thirty days, not by what sold before', async () => {
  const { world, get, record, clock, first, second } = await market();
  await publish(world, first);
  await publish(world, second);
  let sales = 0;
  const sell = async (productId: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      sales += 1;
      const license = { licenseId: licenseId(sales), keyHash: `${sales}`, ownerId: sampleId(1), orderId: sampleId(2) };
      const line = { lineId: sampleId(3), productId, vendorId: id(31), title: 't', tierId: 's', activationLimit: 3 };
      await record(`license-${license.licenseId}`, { type: 'LicenseIssued', data: { ...license, ...line } });
    }
  };
  const ranked = async () => (await get('/home')).json.bestsellers.map((card: { id: string }) => card.id);
  await sell(first, 3);
  await sell(second, 1);
  expect(await ranked()).toEqual([first, second]);
  await clock.advance(20 * day);
  await sell(second, 1);
  expect(await ranked()).toEqual([first, second]);
  await clock.advance(10 * day);
  expect(await ranked()).toEqual([second]); // the first three are of another month
  await sell(first, 2);
  expect(await ranked()).toEqual([first, second]);
  await clock.advance(40 * day);
  expect(await ranked()).toEqual([]);
});
