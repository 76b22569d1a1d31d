import { writeFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import type { DataFolder } from '../local/data-folder.ts';
import type { Ports } from '../local/ports.ts';
import { mark } from './mark.ts';
import { openStage } from './stage.ts';
import { daysBack, startOfDay } from './story/agenda.ts';
import { tellStory } from './story/tell.ts';

const dayMs = 86_400_000;

/** `untilMs`: the month is broken off there. `wrap`: see `Surroundings`. */
export type Filling = { readonly untilMs?: number; readonly wrap?: (ports: Ports) => Ports };

/** Lets the month before `nowMs` happen on the empty `folder`. */
export const fillDemo = async (
  config: Config,
  folder: Pick<DataFolder, 'path'>,
  log: FastifyBaseLogger,
  nowMs: number,
  { untilMs = nowMs, wrap }: Filling = {},
): Promise<void> => {
  const surroundings = { config, folder, log, ...(wrap === undefined ? {} : { wrap }) };
  const stage = await openStage(surroundings, startOfDay(nowMs) - daysBack * dayMs);
  try {
    await tellStory(stage, nowMs, untilMs);
  } finally {
    await stage.close();
  }
  writeFileSync(folder.path(mark), `${JSON.stringify({ filledAt: new Date(nowMs).toISOString() })}\n`);
};
