/**
 * A decider: the rules of one kind of stream. `decide` and `evolve` are pure; `decide` may refuse by throwing a
 * DomainError; `evolve` is total: an impossible event leaves the state unchanged.
 */
export type Decider<Command, State, Event> = {
  /** Category of its streams, `<category>-<id>`; no dash inside. */
  readonly category: string;
  readonly initial: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
};

/** The state after `events`, from `initial` or from a state given. */
export const fold = <C, S, E>(decider: Decider<C, S, E>, events: Iterable<E>, from: S = decider.initial): S => {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
};
