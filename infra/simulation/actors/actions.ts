import type { Action } from './action.ts';
import { buying } from './buying.ts';
import { overseeing } from './overseeing.ts';
import { selling } from './selling.ts';

/** Everything that somebody may do, by name. */
export const actions: ReadonlyMap<string, Action> = new Map(Object.entries({ ...buying, ...selling, ...overseeing }));
