import { it } from 'vitest';
import { given } from '../given.ts';
import { unsealDecider } from './unseal.ts';

const look = {
  lookId: '00000000-0000-4000-8000-000000000001',
  stream: 'account-00000000-0000-4000-8000-000000000002',
  revision: '0',
  path: 'email',
  reason: 'Ticket 4711',
  auditorId: '00000000-0000-4000-8000-000000000003',
};
const openSeal = { type: 'OpenSeal', ...look } as const;
const opened = { type: 'AuditSealOpened', data: look } as const;

it('a look is recorded with what was looked at, why and by whom', () =>
  given(unsealDecider).when(openSeal).then(opened));
it('the same look is recorded once', () => given(unsealDecider, opened).when(openSeal).thenNothing());
