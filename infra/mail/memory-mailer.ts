import type { Mail, Mailer } from './port.ts';

export type MemoryMailer = Mailer & {
  /** What was accepted, each id once, in the order of the sending. */
  readonly sent: readonly Mail[];
};

/** A mailer that keeps mails in memory: for tests, and where nobody reads them. */
export const memoryMailer = (): MemoryMailer => {
  const sent: Mail[] = [];
  return {
    sent,
    send: async (mail) => {
      if (!sent.some(({ id }) => id === mail.id)) sent.push(mail);
    },
  };
};
