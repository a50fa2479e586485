/**
 * How one kind of aggregate behaves, as three pure things. (Chassaing, "Functional Event Sourcing Decider", 2021.)
 *
 * Commands and events are values, and so is the state: plain data, of which copies are made. An instance of a class
 * would come back without its methods.
 */
export interface Decider<Command, Event, State> {
  /** What it is before the first event. */
  readonly initialState: State;
  /** What happens on a command: events, none if nothing does. Throws to refuse it. */
  readonly decide: (command: Command, state: State) => readonly Event[];
  /** What it is after one more event. */
  readonly evolve: (state: State, event: Event) => State;
}

/** A decider as it is given, typed. */
export function decider<Command, Event, State>(
  definition: Decider<Command, Event, State>,
): Decider<Command, Event, State> {
  return definition;
}
