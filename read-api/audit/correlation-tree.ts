import { z } from 'zod';
import type { AuditRow } from '../../infra/audit/port.ts';
import { timeText } from '../answers.ts';

/** An event of a story, and what it caused. */
export const storyNode = z.object({
  position: z.string(),
  stream: z.string(),
  revision: z.string(),
  id: z.string(),
  type: z.string(),
  actorId: z.string().optional(),
  recordedAt: z.string(),
  get children() {
    return z.array(storyNode);
  },
});
export type StoryNode = z.infer<typeof storyNode>;

/** The rows of one correlation, in log order, as trees: an event stands below its cause, without a known one at the top. */
export const storyOf = (rows: readonly AuditRow[]): readonly StoryNode[] => {
  const nodes = new Map<string, StoryNode>();
  const roots: StoryNode[] = [];
  for (const { position, stream, revision, id, type, actorId, recordedAt, causationId } of rows) {
    const node: StoryNode = {
      ...{ position: position.toString(), stream, revision: revision.toString(), id, type },
      ...(actorId === undefined ? {} : { actorId }),
      recordedAt: timeText(recordedAt),
      children: [],
    };
    // A cause is recorded before its effects; what claims a later one stands at the top, so that there is no circle.
    const cause = causationId === undefined ? undefined : nodes.get(causationId);
    (cause === undefined ? roots : cause.children).push(node);
    if (!nodes.has(id)) nodes.set(id, node);
  }
  return roots;
};
