import type { Body } from './client.ts';
import { CommandFailed } from './exit-codes.ts';

/** Undefined where the server refuses it with one of `codes`. @throws CommandFailed for everything else */
export const unlessRefused = async (work: Promise<Body>, ...codes: readonly string[]): Promise<Body | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.code === undefined || !codes.includes(error.code)) throw error;
    return undefined;
  }
};
