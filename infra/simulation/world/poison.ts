import type { World } from './world.ts';

/** Streams that hold nothing else, of categories that projections handle. */
const kinds = [
  { category: 'review', type: 'ReviewPublished' },
  { category: 'license', type: 'LicenseSuspended' },
  { category: 'vendor', type: 'VendorApproved' },
] as const;

/** An event that nobody can read appears in the log, in a stream of its own. */
export const poison = (world: World): void => {
  const { log, random, draw, timeline, trace } = world;
  const { category, type } = draw.pick(kinds);
  const stream = `${category}-${random.uuid()}`;
  const { appended } = log.write({
    ...{ stream, expected: 'no_stream' },
    events: [{ id: random.uuid(), type, data: Buffer.from('{"broken'), metadata: Buffer.from('{}') }],
  });
  world.poisoned.add(appended.position);
  trace.note(timeline.now(), `!!! ${stream} holds a ${type} that nobody can read`);
  log.written();
};
