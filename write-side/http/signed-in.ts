import { domainError } from '../../domain/errors.ts';
import type { Identity } from '../../infra/http/port.ts';

/** The caller of a route that the gateway lets only signed-in accounts into. @throws DomainError UNAUTHENTICATED */
export const signedIn = (identity: Identity | undefined): Identity => {
  if (identity === undefined) throw domainError('UNAUTHENTICATED');
  return identity;
};
