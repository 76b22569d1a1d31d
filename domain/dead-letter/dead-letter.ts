import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { DeadLetterEvent, LetterFacts } from './events.ts';

/** `parked` as far as this stream knows: the letters themselves lie beside the read models. */
export type DeadLetterState =
  | { readonly status: 'parked'; readonly replays: number }
  | { readonly status: 'discarded'; readonly reason: string };

export type DeadLetterCommand =
  | { readonly type: 'Replay'; readonly letter: LetterFacts; readonly reason?: string }
  | { readonly type: 'Discard'; readonly letter: LetterFacts; readonly reason: string };

const decide = (command: DeadLetterCommand, state: DeadLetterState): readonly DeadLetterEvent[] => {
  if (state.status === 'discarded') throw domainError('NOT_FOUND', 'The dead letter was discarded');
  const { letter, reason } = command;
  switch (command.type) {
    case 'Replay':
      return [{ type: 'DeadLetterReplayRequested', data: { ...letter, ...(reason === undefined ? {} : { reason }) } }];
    case 'Discard':
      return [{ type: 'DeadLetterDiscarded', data: { ...letter, reason: command.reason } }];
    default:
      return unreachable(command);
  }
};

const evolve = (state: DeadLetterState, event: DeadLetterEvent): DeadLetterState => {
  switch (event.type) {
    case 'DeadLetterReplayRequested':
      return state.status === 'parked' ? { status: 'parked', replays: state.replays + 1 } : state;
    case 'DeadLetterDiscarded':
      return { status: 'discarded', reason: event.data.reason };
    default:
      return unreachable(event);
  }
};

/** Streams `deadLetter-<deadLetterId>`. Discarded is for good (NOT_FOUND then); replayed may be as often as one likes. */
export const deadLetterDecider: Decider<DeadLetterCommand, DeadLetterState, DeadLetterEvent> = {
  category: 'deadLetter',
  initial: { status: 'parked', replays: 0 },
  decide,
  evolve,
};
