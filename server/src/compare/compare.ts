import type { Assignment } from "../../../runtime/src/explore/compare/weakest.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { SimulateOptions } from "../simulate/simulate.js";

/** One request to compare levels; serves the command line and `workspace/executeCommand`. */
export interface CompareOptions extends Omit<SimulateOptions, "name" | "faults" | "shard"> {
  /** Export name of a class or a scenario. */
  readonly name: string;
  /** For each assignment of levels that is run. */
  readonly schedules: number;
}

/** `compare --format json`, see the contract. */
export interface CompareDocument {
  readonly schema: 1;
  /** `src/bank.ts#Account` */
  readonly target: string;
  /** Weakest first; levels that were not run to an end are left out. */
  readonly levels: readonly LevelComparison[];
  /** By field; of other classes as `Other.field`. Null: none was found sufficient. */
  readonly weakestSufficient: Readonly<Record<string, Level>> | null;
}

export interface LevelComparison {
  readonly level: Level;
  readonly invariants: readonly InvariantComparison[];
  readonly regions: readonly RegionComparison[];
  readonly messagesPerOperation: number | null;
  readonly usdPerMillionOperations: number;
}

export interface InvariantComparison {
  /** A check, a `converged` predicate, an `@Invariant`; or what the level itself promises. */
  readonly name: string;
  readonly outcome: "holds" | "violated" | "unknown";
  /** The first schedule that violates it. */
  readonly seed: number | null;
}

export interface RegionComparison {
  readonly region: string;
  /** Of the operations that were asked there while it was cut off from some other: the share that was refused. */
  readonly unavailable: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface CompareResult {
  readonly document: CompareDocument;
  /** `Account.balance` → `linearizable`: what `weakestSufficient` says, as whoever writes it into the source needs it. */
  readonly weakest: Assignment | null;
  /** `unknown`: the comparison was stopped, or linearizable itself could not be judged. */
  readonly outcome: "found" | "none" | "unknown";
  /** Fields that one transaction worked on, which move together; of the others each by itself. As `Account.balance`. */
  readonly groups: readonly (readonly string[])[];
  /** Fields that stayed as annotated, as nothing wrote to them or they are copies: of these nothing is known. */
  readonly untested: readonly string[];
  /** How many assignments of levels were run. */
  readonly assignments: number;
  /** The report for people as plain text. */
  readonly text: string;
  render(terminal: { readonly color: boolean; readonly width: number }): string;
}
