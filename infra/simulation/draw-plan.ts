import { actions } from './actors/actions.ts';
import type { FaultKind, Plan, PlannedAction, PlannedFault } from './plan.ts';
import { type Draw, drawFrom } from './world/draw.ts';
import { portNames } from './world/weather.ts';

/** Without a wish for hours: so many commands at least, within so much time. */
const usualCommands = 100;
const usualMs = 100_000;
const hourMs = 3_600_000;

const weighted = (draw: Draw): string => {
  const all = [...actions];
  let left = draw.fraction() * all.reduce((sum, [, { weight }]) => sum + weight, 0);
  for (const [name, { weight }] of all) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new Error('there are no actions');
};

const drawAction = (draw: Draw, within: number): PlannedAction => {
  const does = weighted(draw);
  const action = actions.get(does);
  if (action === undefined) throw new Error(`nobody can ${does}`);
  const earliest = Math.floor(within * (action.notBefore ?? 0));
  return {
    kind: 'action',
    at: draw.between(earliest, within),
    by: draw.pick(action.who),
    does,
    with: action.draw(draw),
  };
};

/** So many that they send `commands` at least. */
const drawActions = (draw: Draw, commands: number, within: number): readonly PlannedAction[] => {
  const drawn: PlannedAction[] = [];
  for (let sent = 0; sent < commands; ) {
    const action = drawAction(draw, within);
    drawn.push(action);
    sent += actions.get(action.does)?.sends?.(action.with) ?? 1;
  }
  return drawn;
};

const kinds: readonly ((draw: Draw) => FaultKind)[] = [
  (draw) => ({ type: 'crash', forMs: draw.between(100, 4_000) }),
  (draw) => ({ type: 'powerCut', forMs: draw.between(100, 4_000) }),
  (draw) => ({
    ...{ type: 'crashAtCall', calls: draw.between(1, 200), after: draw.chance(500), forMs: draw.between(100, 4_000) },
  }),
  (draw) => ({
    ...{ type: 'crashAtCall', calls: draw.between(1, 20), after: draw.chance(500), forMs: draw.between(100, 4_000) },
  }),
  (draw) => ({ type: 'pause', forMs: draw.between(500, 20_000) }),
  (draw) => ({ type: 'partition', port: draw.pick(portNames), forMs: draw.between(500, 15_000) }),
  (draw) => ({
    type: 'partition',
    port: draw.pick(['store', 'readModels', 'provider']),
    forMs: draw.between(200, 8_000),
  }),
  (draw) => ({ type: 'clockJump', byMs: draw.pick([-2_000, -200, 1_000, 20_000, 120_000]) }),
  () => ({ type: 'poison' }),
  (draw) => ({ type: 'secondWorker', forMs: draw.between(500, 30_000) }),
  (draw) => ({
    ...{ type: 'webhookChaos', delayMs: draw.pick([0, 200, 5_000, 40_000]), copies: draw.between(1, 3) },
    shuffle: draw.chance(500),
  }),
];

const drawFault = (draw: Draw, within: number): PlannedFault => ({
  kind: 'fault',
  at: draw.between(0, within),
  fault: draw.pick(kinds)(draw),
});

/** Draws a plan: the same seed and length, the same plan. `hours` of simulated trade (default: some minutes of dense trade). */
export const planOf = (seed: number, options: { readonly hours?: number } = {}): Plan => {
  const draw = drawFrom(seed);
  const { hours } = options;
  const within = hours === undefined ? usualMs : Math.ceil(hours * hourMs);
  const density = hours === undefined ? 1 : (within / usualMs) * 0.2;
  return {
    seed,
    failingPerMille: draw.pick([0, 2, 5, 10, 20]),
    slowestCallMs: draw.pick([20, 100, 400, 1_500]),
    items: [
      ...drawActions(draw, Math.ceil(usualCommands * density), within),
      ...Array.from({ length: Math.ceil(draw.between(0, 6) * density) }, () => drawFault(draw, within)),
    ].sort((a, b) => a.at - b.at),
  };
};
