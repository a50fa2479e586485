/** A state machine on a node: events in, effects out. It never touches time, randomness or promises. */
export interface Process<Message, E extends ProcessEffects<Message> = ProcessEffects<Message>> {
  start(effects: E): void;
  receive(from: number, message: Message, effects: E): void;
  timeout(timer: string, effects: E): void;
  /** An operator orders something of this replica. False if it does not know of such a thing or has nothing to do. */
  command?(name: string, effects: E): boolean;
  /**
   * Whether a message on its way to this process makes no difference any more to anybody, however late it arrives, as long as
   * nothing crashes or is lost and no more than `timersLeft` timers go off. Only asked where somebody picks what happens
   * next; not having it is saying no.
   */
  isSpent?(from: number, message: Message, timersLeft: number): boolean;
  /**
   * The same of a timer: that it goes off brings nothing about but that time passes. Who has this looks at no clock but to
   * give out time stamps that grow.
   */
  isTimerSpent?(timer: string): boolean;
  /** Whether this replica takes itself for the leader, or primary, now; faults ask whom to strike. */
  isLeader?(): boolean;
}

export interface ProcessEffects<Message> {
  /** This node's own clock in microseconds, skew and drift included. */
  readonly now: number;
  /** A clock of this node that nobody sets, in microseconds since some moment; it drifts, and timers run by it. */
  readonly steadyNow: number;
  /** One-way latency to a replica in microseconds, without jitter: what an operator would configure from measurements. */
  latencyUs(to: number): number;
  send(to: number, message: Message, channel?: Channel): void;
  /** Fires once after `delayUs` plus a draw from [0, spreadUs). Setting a timer again replaces it. */
  timer(timer: string, delayUs: number, spreadUs?: number): void;
  cancel(timer: string): void;
  /** For the trace only: something a reader of the story should see (`leads term 3`). */
  note(text: string): void;
}

/** `lossy`: lost with probability 0.1, extra exponential delay of mean one link latency, also without faults. */
export type Channel = "reliable" | "lossy";
