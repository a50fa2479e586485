/** How a read model follows from events: a fold, so that it can be built anew from the first one. */
export interface Projection<Event, State> {
  /** Tells read models apart, also after a restart. */
  readonly name: string;
  /** What the read model is before the first event. */
  readonly initialState: State;
  /** What it is after one more event. A pure function: the same events give the same read model, in every rebuild. */
  readonly evolve: (state: State, event: Event) => State;
}

/** A projection as it is given, typed. */
export function projection<Event, State>(definition: Projection<Event, State>): Projection<Event, State> {
  return definition;
}
