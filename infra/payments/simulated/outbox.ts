import type { Clock } from '../../clock/port.ts';
import type { Random } from '../../random/port.ts';
import { encodeMessage } from './encode-message.ts';
import type { MessageObject } from './message-format.ts';
import type { ProviderFile, WebhookChaos } from './provider-file.ts';

const CALM: WebhookChaos = { delayMs: 0, copies: 1, shuffle: false };
const MOST_DELAY_MS = 86_400_000;
const MOST_COPIES = 100;

export type Outbox = {
  /** Owes one message about `subject`, in the caller's transaction. Messages of one subject are sent one at a time. */
  send(subject: string, object: MessageObject): void;
  /** @throws RangeError when `delayMs` is not an integer up to a day or `copies` not one from 1 to 100 */
  setChaos(chaos: WebhookChaos): void;
};

/**
 * Webhooks owed, kept in the provider's file with the chaos they are subject to. Message ids are a sequence under an id
 * of the file, so that they stay unique when the random source is started again from the same seed.
 */
export const outbox = (file: ProviderFile, clock: Clock, random: Random): Outbox => {
  const source =
    file.readSetting('source') ??
    file.atomically(() => {
      const fresh = Buffer.from(random.bytes(6)).toString('hex');
      file.writeSetting('source', fresh);
      return fresh;
    });

  const nextEventId = (): string => {
    const sequence = Number(file.readSetting('messages') ?? '0') + 1;
    file.writeSetting('messages', String(sequence));
    return `evt_${source}_${sequence}`;
  };

  return {
    send(subject, object) {
      const stored = file.readSetting('chaos');
      const { delayMs, copies, shuffle }: WebhookChaos = stored === undefined ? CALM : JSON.parse(stored);
      const now = clock.now();
      const eventId = nextEventId();
      const body = encodeMessage(eventId, now, object);
      for (let copy = 0; copy < copies; copy++) {
        const lateBy = shuffle ? Math.floor(random.fraction() * (delayMs + 1)) : delayMs;
        file.owe({ eventId, subject, body, dueAt: now + lateBy, rank: shuffle ? random.fraction() : 0 });
      }
    },
    setChaos({ delayMs, copies, shuffle }) {
      if (!Number.isInteger(delayMs) || delayMs < 0 || delayMs > MOST_DELAY_MS)
        throw new RangeError(`delayMs must be an integer from 0 to ${MOST_DELAY_MS}`);
      if (!Number.isInteger(copies) || copies < 1 || copies > MOST_COPIES)
        throw new RangeError(`copies must be an integer from 1 to ${MOST_COPIES}`);
      file.atomically(() => file.writeSetting('chaos', JSON.stringify({ delayMs, copies, shuffle })));
    },
  };
};
