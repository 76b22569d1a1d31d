import type { Random } from '../infra/random/port.ts';

/** Ids of requests, one after the other: what makes them unlike those of any other process is drawn once. */
export const requestIds = (random: Pick<Random, 'uuid'>): (() => string) => {
  const process = random.uuid();
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
};
