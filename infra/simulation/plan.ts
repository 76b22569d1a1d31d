/** What somebody tries: `does` names an action of `actors/`, `by` the person or thing that does it. Without what it needs it does nothing. */
export type PlannedAction = {
  readonly kind: 'action';
  /** Milliseconds of simulated time since the market opened. */
  readonly at: number;
  readonly by: string;
  readonly does: string;
  /** Choices of the action; plain data, so that a plan is JSON. */
  readonly with: Readonly<Record<string, string | number | boolean>>;
};

/** `process`: the one process of the system, which comes back after `forMs`. */
export type FaultKind =
  /** Ends without a word; what the operating system was given survives. */
  | { readonly type: 'crash'; readonly forMs: number }
  /** The machine loses power: what no port promised to be durable may be lost too. */
  | { readonly type: 'powerCut'; readonly forMs: number }
  /** Ends at the n-th port call after `at`, before or after its effect: at any await. */
  | { readonly type: 'crashAtCall'; readonly calls: number; readonly after: boolean; readonly forMs: number }
  /** Nothing answers the process for so long, then everything at once. */
  | { readonly type: 'pause'; readonly forMs: number }
  /** The named port answers nobody for so long: calls are refused, or done and their answers lost. */
  | { readonly type: 'partition'; readonly port: string; readonly forMs: number }
  /** The wall clock jumps by so much; timers do not notice. */
  | { readonly type: 'clockJump'; readonly byMs: number }
  /** An event that no codec can read appears in the log. */
  | { readonly type: 'poison' }
  /** A second worker wakes up and writes to the read models for so long: two leaders. */
  | { readonly type: 'secondWorker'; readonly forMs: number }
  /** The provider's messages come late, more than once, in disorder. */
  | { readonly type: 'webhookChaos'; readonly delayMs: number; readonly copies: number; readonly shuffle: boolean };

export type PlannedFault = {
  readonly kind: 'fault';
  /** Milliseconds of simulated time since the market opened. */
  readonly at: number;
  readonly fault: FaultKind;
};

export type PlanItem = PlannedAction | PlannedFault;

/**
 * One run, as plain data: any of `items` may be left out and it is still a plan, so a failing one can be made shorter. `seed` feeds what
 * is not planned: ids, delays, which call fails.
 */
export type Plan = {
  readonly seed: number;
  /** How many of a thousand port calls fail by chance, before or after their effect. */
  readonly failingPerMille: number;
  /** Longest delay of a port call in milliseconds of simulated time; most are much shorter. */
  readonly slowestCallMs: number;
  /** By time. */
  readonly items: readonly PlanItem[];
};
