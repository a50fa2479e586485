import type { CategoryId } from "../../../runtime/src/advice/classification/index.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { Analysis } from "../analysis/analysis.js";
import type { CompareDocument, CompareOptions } from "../compare/index.js";
import type { Regions } from "../configuration/index.js";

/** For each assignment of levels, where nobody says: enough to see what breaks often. `compare` is for looking longer. */
export const usualSchedules = 200;

/** Operations a second on each field, where nobody says: as in the document's example. */
export const usualOperationsPerSecond = 1_000;

/** One request for a decision record; serves the command line and whoever else asks. */
export interface AdviseOptions extends CompareOptions {
  /** Of the file's own folder, or of all of a workspace. */
  readonly analysis: Pick<Analysis, "model" | "targets">;
  /** Where the replicas are: what latencies and availability are reckoned for. */
  readonly regions: Regions;
  /** On each field. */
  readonly operationsPerSecond: number;
  /** The share of operations that has to be answered; undefined: nobody said. */
  readonly availability: number | undefined;
}

export interface AdviseResult {
  readonly document: AdviseDocument;
  readonly markdown: string;
  /** As of the comparison: whether some assignment of levels keeps everything. */
  readonly outcome: "found" | "none" | "unknown";
}

/** `advise --format json`. */
export interface AdviseDocument {
  readonly schema: 1;
  /** `src/bank.ts#Account` */
  readonly target: string;
  readonly regions: { readonly names: readonly string[]; readonly areDefault: boolean };
  readonly operationsPerSecond: number;
  readonly availability: number | null;
  /** Weakest first. */
  readonly levels: readonly LevelAdvice[];
  readonly simulation: SimulationEvidence;
  /** In source order. */
  readonly fields: readonly FieldAdvice[];
}

export interface LevelAdvice {
  readonly level: Level;
  readonly usdPerMonth: number;
  readonly usdPerMillionOperations: number;
  /** How the cost was reckoned. */
  readonly arithmetic: string;
  /** Share of the operations of clients in their region that is answered. */
  readonly availability: { readonly reads: number; readonly writes: number };
  /** Null where nobody said how much is enough. */
  readonly isAvailableEnough: boolean | null;
  /** `PC/EC` */
  readonly pacelc: string;
  readonly latencies: readonly RegionLatency[];
}

export interface RegionLatency {
  readonly region: string;
  readonly read: OperationLatency;
  readonly write: OperationLatency;
}

export interface OperationLatency {
  /** Light in fibre to the nearest that have to answer; 0 where the region's own replica answers alone. */
  readonly floorMs: number;
  /** With the document's routing, switching and processing. */
  readonly expectedMs: readonly [least: number, most: number];
  readonly arithmetic: string;
}

export interface SimulationEvidence {
  readonly outcome: AdviseResult["outcome"];
  /** For each assignment of levels. */
  readonly schedules: number;
  readonly seed: number;
  readonly assignments: number;
  /** Every field at one level at a time. */
  readonly levels: CompareDocument["levels"];
  /** An invariant, a check or a `converged` predicate was judged, and not only what levels promise. */
  readonly judgesInvariants: boolean;
}

export interface FieldAdvice {
  readonly field: string;
  readonly dataType: string;
  readonly location: { readonly file: string; readonly line: number };
  /** The level that it has now; null if nobody says. */
  readonly annotated: Level | null;
  readonly classification: FieldClassification;
  readonly simulated: FieldSimulation;
  readonly candidates: readonly Candidate[];
  readonly decision: FieldDecision;
}

export interface FieldClassification {
  readonly category: CategoryId | "NEEDS_ANALYSIS";
  /** As a sentence says it: "money". Null where analysis is needed. */
  readonly name: string | null;
  readonly weakest: Level | null;
  readonly usual: Level | null;
  readonly strongest: Level | null;
  /** What goes wrong below the weakest. */
  readonly loss: string | null;
  readonly reason: string;
  readonly source: string | null;
}

/** The weakest level that was found sufficient for the field; or why nothing is known of it. */
export type FieldSimulation =
  | { readonly outcome: "sufficient"; readonly level: Level }
  | { readonly outcome: "untested" | "none" | "unknown"; readonly level: null };

export interface Candidate {
  readonly level: Level;
  readonly verdict: "chosen" | "too weak" | "sufficient" | "stronger than needed" | "open";
  /** Why it is not chosen, or why it is. */
  readonly because: string;
  readonly pros: readonly string[];
  readonly cons: readonly string[];
}

export interface FieldDecision {
  /** Null: nothing says it for sure, and a person has to. */
  readonly level: Level | null;
  readonly basis: "classification and simulation" | "classification" | "simulation" | "none";
  readonly reasoning: readonly string[];
  /** Where what was found contradicts itself, or what was asked for. */
  readonly disagreements: readonly string[];
  /** What the application and its pages have to do at that level. */
  readonly mitigation: readonly string[];
}
