import type { Fault } from "../faults/index.js";
import type { Scenario } from "./scenario.js";
import type { Guide } from "./workload/guided/guide.js";

/** Evaluates the user's modules and picks the scenario, or makes the one of these decisions; called afresh for every schedule. */
export interface Load {
  (seed: number, decisions?: Decisions): Scenario;
  /** Where schedules depend on what others reached: runs them in their order. */
  readonly guide?: Guide | undefined;
}

/**
 * What was decided in one schedule, as JSON. A seed says it shorter, but means something else as soon as the code draws
 * once more or once less: who makes a schedule smaller, or keeps it for later, keeps its decisions.
 */
export interface Decisions {
  /** Decides what the rest leaves open. */
  readonly seed: number;
  /** Of a generated workload, by name: where its replicas are. Absent: those of the scenario or of the workload. */
  readonly regions?: readonly string[];
  /** What a generated workload calls: a `Plan`, its values encoded. Absent for a scenario, whose body decides. */
  readonly plan?: PlanDocument;
  /** All of them, drawn ones too. */
  readonly faults: readonly Fault[];
  /** How late messages were; absent: what the seed says. */
  readonly delays?: readonly MessageDelay[];
  /** Where not time decided but somebody picked: what came after what. */
  readonly order?: PickedOrder;
}

/** In which order events came while the body ran: what may happen next is picked by name, in the order of this list. */
export interface PickedOrder {
  /** How many timers could go off between them. */
  readonly timers: number;
  readonly events: readonly string[];
}

/** A message that took longer than the distance: all that `delays` leaves out took just that. Within a region too. */
export interface MessageDelay {
  readonly from: string;
  readonly to: string;
  /** The how manieth from one to the other, from 0. */
  readonly index: number;
  /** On top of the distance, in microseconds. */
  readonly extraUs: number;
}

/** A `Plan` as JSON: see `plan.ts` for the meaning, and its codec for how values are written. */
export interface PlanDocument {
  readonly identities: readonly { readonly target: string; readonly id: string }[];
  readonly sessions: readonly {
    readonly region: string;
    readonly calls: readonly {
      readonly thinkMs: number;
      readonly on: { readonly target: string; readonly id: string };
      readonly method: string;
      readonly args: unknown;
    }[];
  }[];
}

/** How much a person has to read. */
export interface ScheduleSize {
  /** Calls of the workload or of the scenario's body. */
  readonly operations: number;
  readonly faults: number;
  readonly sessions: number;
}

/** How much smaller a schedule is by now, while more is left out of it. */
export interface SizeSoFar {
  readonly before: ScheduleSize;
  readonly now: ScheduleSize;
}
