import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './port.ts';

/** Read when metrics are asked for. */
export type Observed = {
  readonly projections: () => Promise<
    readonly {
      readonly name: string;
      readonly state: string;
      readonly lagEvents: number | null;
      readonly lagSeconds: number;
      readonly rate: number;
    }[]
  >;
  readonly deadLetters: () => Promise<number>;
  /** Things that owe something, and those of them that fail. */
  readonly sagas: () => Promise<{ readonly owing: number; readonly failing: number; readonly tries: number }>;
};

const latencies = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Metrics in a registry of their own, so that several systems fit into one process. */
export const prometheusMetrics = (observed: Observed): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'autopilot_request_duration_seconds',
    help: 'Time until a request was answered, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: latencies,
    registers,
  });
  const appends = new Counter({
    name: 'autopilot_events_appended_total',
    help: 'Events appended, by stream category',
    labelNames: ['category'],
    registers,
  });
  const perProjection = (name: string, help: string) =>
    new Gauge({ name: `autopilot_projection_${name}`, help, labelNames: ['projection'], registers });
  const lagEvents = perProjection('lag_events', 'Events not handled yet, where they can be counted');
  const lagSeconds = perProjection('lag_seconds', 'Age of the oldest event not handled yet');
  const rate = perProjection('events_per_second', 'Events handled a second, over ten seconds');
  const states = new Gauge({
    name: 'autopilot_projection_state',
    help: '1 for the state that the projection is in',
    labelNames: ['projection', 'state'],
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name: `autopilot_${name}`, help, registers });
  const deadLetters = gauge('dead_letters', 'Parked events, at most counted to 1000');
  const owing = gauge('sagas_owing', 'Things on the saga desk');
  const failing = gauge('sagas_failing', 'Things whose last try failed');
  const retries = gauge('saga_retries', 'Failures in a row of all that fails');

  return {
    answered: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    appended: (category, events) => appends.inc({ category }, events),
    exposition: async () => {
      const [projections, parked, sagas] = await Promise.all([
        observed.projections(),
        observed.deadLetters(),
        observed.sagas(),
      ]);
      states.reset();
      lagEvents.reset();
      for (const { name: projection, state, ...of } of projections) {
        states.set({ projection, state }, 1);
        if (of.lagEvents !== null) lagEvents.set({ projection }, of.lagEvents);
        lagSeconds.set({ projection }, of.lagSeconds);
        rate.set({ projection }, of.rate);
      }
      deadLetters.set(parked);
      owing.set(sagas.owing);
      failing.set(sagas.failing);
      retries.set(sagas.tries);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
};
