import type { Anomaly } from "../../history/history.js";

/** A read that no order of the other transactions explains. */
export interface Impossible {
  readonly name: Anomaly["name"];
  readonly cell: number;
  /** Indices of the events that show it, the one that read it first. */
  readonly events: readonly number[];
  readonly value: unknown;
  readonly reason: "refused" | "unwritten" | "intermediate" | "own" | "changed" | "incompatible";
}
