/** A mail to one person. Sending is fire and keep: an adapter that accepted a mail does not lose it. */
export type Mail = {
  /** Made from the cause: the same mail again is not sent twice. */
  readonly id: string;
  /** Account id of the receiver: what is kept of a mail is erased with the person. */
  readonly personId: string;
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
};

export type Mailer = {
  /** Resolves once the mail is accepted for delivery. @throws when it is not: the caller tries again */
  send(mail: Mail): Promise<void>;
};

export type KeptMail = Mail & {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
};

/** The embedded mailer keeps what it accepted for whoever runs the system to read. */
export type Outbox = {
  /** Newest first; `before` is the `next` of the page before. Mails of erased persons are gone. */
  list(limit: number, before?: number): Promise<{ readonly mails: readonly KeptMail[]; readonly next?: number }>;
};
