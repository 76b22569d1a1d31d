import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { type IssuedLicense, licenseDecider } from '../../domain/license/license.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream, noBody } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { hashLicenseKey } from './license-key.ts';

export type LicenseDeps = CommandRouteDeps;

const machine = z.string().trim().min(1).max(200);
const activationBody = z.strictObject({
  machine,
  name: z.string().trim().min(1).max(100).exactOptional(),
  /** The licence's own key: whoever presents it needs no session. */
  key: z.string().min(1).max(100).exactOptional(),
});
const machineParams = z.object({ id: z.uuid(), machine });

/** The caller's own licence. @throws DomainError NOT_FOUND: somebody else's is as absent as none */
export const ownLicense = async (handling: Handling, licenseId: string, identity: Identity): Promise<IssuedLicense> => {
  const { state } = await handling.load(licenseDecider, licenseId);
  if (state.status === 'none' || state.ownerId !== identity.accountId) throw domainError('NOT_FOUND');
  return state;
};

const keyFits = (license: IssuedLicense, key: string): boolean => {
  const [given, known] = [Buffer.from(hashLicenseKey(key)), Buffer.from(license.keyHash)];
  return given.byteLength === known.byteLength && timingSafeEqual(given, known);
};

/** @throws DomainError UNAUTHENTICATED with neither session nor key, NOT_FOUND when neither fits */
const mayActivate = async (
  handling: Handling,
  licenseId: string,
  identity: Identity | undefined,
  key: string | undefined,
): Promise<void> => {
  if (identity === undefined && key === undefined)
    throw domainError('UNAUTHENTICATED', "Sign in, or send the licence's key.");
  const { state } = await handling.load(licenseDecider, licenseId);
  const isOwner = state.status !== 'none' && state.ownerId === identity?.accountId;
  const hasKey = state.status !== 'none' && key !== undefined && keyFits(state, key);
  if (!isOwner && !hasKey) throw domainError('NOT_FOUND');
};

/** The machines of a licence. */
export const licenseRoutes = (app: FastifyInstance, deps: LicenseDeps): void => {
  const { handling } = deps;
  const tag = 'Licences';

  commandRoute(app, deps, {
    method: 'POST',
    url: '/licenses/:id/activations',
    summary: 'Activate a machine, as the owner or with the key; the same machine again is not a second one',
    tag,
    access: 'anyone',
    status: 201,
    body: activationBody,
    params: idParams,
    // Asked here and not in `run`: what was recorded is nobody's who may not do it.
    refuses: ['UNAUTHENTICATED', 'LICENSE_STATE', 'ACTIVATION_LIMIT', 'ACCOUNT_ERASED'],
    main: async ({ params, identity, body }) => {
      await mayActivate(handling, params.id, identity, body.key);
      return mainStream(licenseDecider, params.id);
    },
    run: ({ params, body: { key: _, ...activation }, context, now, ifRevision }) =>
      handling.handle(licenseDecider, params.id, { type: 'ActivateMachine', ...activation, now }, context, {
        ifRevision,
      }),
  });

  commandRoute(app, deps, {
    method: 'DELETE',
    url: '/licenses/:id/activations/:machine',
    summary: 'Take a machine off a licence',
    tag,
    access: 'signedIn',
    status: 200,
    body: noBody,
    params: machineParams,
    main: async ({ params, identity }) => {
      await ownLicense(handling, params.id, signedIn(identity));
      return mainStream(licenseDecider, params.id);
    },
    run: ({ params, context, ifRevision }) =>
      handling.handle(licenseDecider, params.id, { type: 'DeactivateMachine', machine: params.machine }, context, {
        ifRevision,
      }),
  });
};
