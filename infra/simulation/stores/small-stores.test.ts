import { objectStoreContract } from '../../objects/contract.ts';
import { paymentProviderContract } from '../../payments/contract.ts';
import { openWorld } from '../../payments/simulated/provider-world.ts';
import { SIGNATURE_HEADER } from '../../payments/simulated/signature.ts';
import { secretStoreContract } from '../../secrets/contract.ts';
import { memoryObjects, type ObjectDisk } from './memory-objects.ts';
import { memoryProviderFile } from './memory-provider-file.ts';
import { memorySecrets, type SecretDisk } from './memory-secrets.ts';

objectStoreContract('the simulated disk', async () => {
  const disk: ObjectDisk = new Map();
  return { store: memoryObjects(disk), stored: async () => disk.size, close: async () => {} };
});

secretStoreContract('the simulated disk', async () => {
  const disk: SecretDisk = new Map();
  const open = () => memorySecrets(disk);
  return { store: open(), reopen: async () => open(), dispose: async () => {} };
});

paymentProviderContract('simulated, in memory', async () => {
  const world = openWorld(memoryProviderFile());
  return {
    provider: world.provider,
    signatureHeader: SIGNATURE_HEADER,
    webhooks: world.arrivals,
    passTime: world.clock.advance,
    close: world.close,
  };
});
