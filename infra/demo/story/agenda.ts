import type { Stage } from '../stage.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** So many days before the day of the filling it begins. */
export const daysBack = 31;

/** The midnight (UTC) of the day. */
export const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

/** What happens when, in milliseconds since the Unix epoch; days are counted from the first one, 0. */
export type Agenda = {
  on(day: number, hour: number, minute?: number): number;
  /** Of what is over of the last day, from 0 to 1. */
  today(part: number): number;
  /** Minutes before the end, not before the last day began. */
  last(minutes: number): number;
  /** What would come after the last moment never happens. */
  add(at: number, work: () => Promise<void>): void;
  /** All of it in its order, each when everything before has come to rest. */
  run(): Promise<void>;
};

/** Of a month that ends at `endMs`; it runs on the stage's time up to `untilMs`, its last moment. */
export const agendaOf = (stage: Stage, endMs: number, untilMs: number): Agenda => {
  const midnight = startOfDay(endMs);
  const first = midnight - daysBack * dayMs;
  const entries: { readonly at: number; readonly work: () => Promise<void> }[] = [];
  return {
    on: (day, hour, minute = 0) => first + day * dayMs + (hour * 60 + minute) * minuteMs,
    today: (part) => midnight + Math.floor((endMs - midnight) * part),
    last: (minutes) => Math.max(midnight, endMs - minutes * minuteMs),
    add: (at, work) => {
      if (at <= untilMs) entries.push({ at: Math.floor(at), work });
    },
    run: async () => {
      for (;;) {
        // A stable order: of several at one time the one that was added first.
        let next = 0;
        for (let i = 1; i < entries.length; i++) {
          if ((entries[i]?.at ?? 0) < (entries[next]?.at ?? 0)) next = i;
        }
        const [entry] = entries.splice(next, 1);
        if (entry === undefined) return stage.travel(untilMs);
        await stage.travel(entry.at);
        await entry.work();
        await stage.settle();
      }
    },
  };
};
