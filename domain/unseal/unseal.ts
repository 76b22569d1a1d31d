import type { Decider } from '../decider.ts';
import { unreachable } from '../unreachable.ts';
import type { UnsealEvent } from './events.ts';

export type Unseal = { readonly status: 'none' } | { readonly status: 'opened' };

export type UnsealCommand = {
  readonly type: 'OpenSeal';
  readonly lookId: string;
  readonly stream: string;
  readonly revision: string;
  readonly path: string;
  readonly reason: string;
  readonly auditorId: string;
};

/** Streams `unseal-<lookId>`. A look is recorded once. */
export const unsealDecider: Decider<UnsealCommand, Unseal, UnsealEvent> = {
  category: 'unseal',
  initial: { status: 'none' },
  decide: ({ type: _, ...data }, look) => (look.status === 'opened' ? [] : [{ type: 'AuditSealOpened', data }]),
  evolve: (_, event) => {
    switch (event.type) {
      case 'AuditSealOpened':
        return { status: 'opened' };
      default:
        return unreachable(event.type);
    }
  },
};
