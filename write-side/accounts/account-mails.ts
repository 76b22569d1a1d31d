import type { Clock } from '../../infra/clock/port.ts';
import type { Mailer } from '../../infra/mail/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { SecretStore } from '../../infra/secrets/port.ts';
import type { CommandContext } from '../handling/context.ts';
import { idFrom } from '../handling/ids.ts';
import { type OneTimeTokens, oneTimeTokens } from './one-time-tokens.ts';

const hourMs = 3_600_000;

export type AccountMailDeps = {
  readonly mail: Mailer;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
};

export type Addressee = {
  readonly accountId: string;
  readonly email: string;
  readonly emailHash: string;
  readonly displayName: string;
};

/** The mails about an account, and the tokens in them. Mail ids are made from the command: a repeat sends nothing. */
export type AccountMails = {
  readonly verifications: OneTimeTokens;
  readonly resets: OneTimeTokens;
  sendVerification(to: Addressee, context: CommandContext): Promise<void>;
  sendReset(to: Addressee, context: CommandContext): Promise<void>;
  /** To the address that the account had before. */
  sendAddressChanged(to: Addressee, context: CommandContext): Promise<void>;
};

export const accountMails = (deps: AccountMailDeps): AccountMails => {
  const verifications = oneTimeTokens(deps, 'emailToken', 48 * hourMs);
  const resets = oneTimeTokens(deps, 'passwordToken', hourMs);
  const send = (to: Addressee, context: CommandContext, about: string, subject: string, lines: readonly string[]) =>
    deps.mail.send({
      id: idFrom(context.commandId, 'mail', about),
      personId: to.accountId,
      to: to.email,
      subject,
      text: [`Hello ${to.displayName},`, '', ...lines, ''].join('\n'),
    });
  return {
    verifications,
    resets,
    sendVerification: async (to, context) => {
      const token = await verifications.issue(to);
      await send(to, context, 'verify', 'Confirm your e-mail address', [
        'please confirm that this is your address. Your token, good for two days:',
        '',
        token,
        '',
        'If you did not ask for this, do nothing.',
      ]);
    },
    sendReset: async (to, context) => {
      const token = await resets.issue(to);
      await send(to, context, 'reset', 'Set a new password', [
        'somebody asked for a new password of your account. Your token, good for one hour:',
        '',
        token,
        '',
        'If it was not you, do nothing: your password stays as it is.',
      ]);
    },
    sendAddressChanged: (to, context) =>
      send(to, context, 'changed', 'Your e-mail address was changed', [
        'your account has another e-mail address now. This one no longer signs in.',
        'If it was not you, write to us at once.',
      ]),
  };
};
