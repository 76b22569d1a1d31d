import { paymentProviderContract } from '../contract.ts';
import { openWorld, temporaryFile } from './provider-world.ts';
import { SIGNATURE_HEADER } from './signature.ts';

paymentProviderContract('simulated', async () => {
  const { file, remove } = temporaryFile();
  const world = openWorld(file);
  return {
    provider: world.provider,
    signatureHeader: SIGNATURE_HEADER,
    webhooks: world.arrivals,
    passTime: world.clock.advance,
    async close() {
      await world.close();
      remove();
    },
  };
});
