import type { Anomaly, Verdict } from "../../history/history.js";
import type { Level } from "../../levels.js";
import { list, seconds } from "../wording.js";

/** What replicas hold at quiescence, as plain data. */
export interface ConvergenceInput {
  /** In the order in which they are to be named. */
  readonly regions: readonly string[];
  readonly cells: readonly ConvergenceCell[];
  readonly acknowledged: readonly AcknowledgedOperation[];
  /** Whether the replica of a region has applied an operation of a domain. */
  applied(region: string, operation: AcknowledgedOperation): boolean;
}

export interface ConvergenceCell {
  /** `alice.balance` */
  readonly label: string;
  readonly level: Level;
  /** By region. A region that is absent has no replica of the cell. */
  readonly replicas: ReadonlyMap<string, ReplicaValue>;
}

export interface ReplicaValue {
  /** Canonical text: equal values have equal text (`DataType.encode`). */
  readonly encoded: string;
  /** For people (`DataType.describe`). */
  readonly described: string;
}

/** A mutation that a client was told has happened. */
export interface AcknowledgedOperation {
  /** The id that mechanisms know it by (`Request.id`). */
  readonly id: number;
  /** The event of the history that it belongs to. */
  readonly event: number;
  /** Of the cell: `alice.balance`. */
  readonly label: string;
  readonly level: Level;
  readonly domain: string;
  /** `write 50`, `add "book"` */
  readonly description: string;
  /** Of the session that asked for it. */
  readonly region: string;
  /** When it was acknowledged. */
  readonly atUs: number;
}

/**
 * Decides whether at quiescence all replicas hold the same and have lost nothing that was acknowledged (Vogels,
 * Eventually Consistent, 2009; Shapiro et al., Conflict-free Replicated Data Types, 2011). Level none promises neither.
 * See checker.md.
 */
export function checkConvergence(input: ConvergenceInput): Verdict {
  const anomalies = [
    ...input.acknowledged.filter(({ level }) => level !== "none").flatMap((operation) => lostWrite(operation, input)),
    ...input.cells.filter(({ level }) => level !== "none").flatMap((cell) => divergence(cell, input.regions)),
  ];
  return anomalies.length === 0 ? { outcome: "valid" } : { outcome: "invalid", anomalies };
}

function lostWrite(operation: AcknowledgedOperation, { regions, applied }: ConvergenceInput): Anomaly[] {
  const missing = regions.filter((region) => !applied(region, operation));
  if (missing.length === 0) return [];
  const { description, label, region, atUs } = operation;
  const where = missing.length === regions.length ? "no replica has it" : `it never reached ${list(missing)}`;
  const message = `${region} was told at ${seconds(atUs)} that ${description} on ${label} had happened, but after everything has settled ${where}.`;
  return [{ name: "lost-write", message, events: [operation.event] }];
}

function divergence({ label, replicas }: ConvergenceCell, regions: readonly string[]): Anomaly[] {
  const groups = new Map<string, { readonly described: string; readonly regions: string[] }>();
  for (const region of regions) {
    const value = replicas.get(region);
    if (value === undefined) continue;
    const group = groups.get(value.encoded);
    if (group === undefined) groups.set(value.encoded, { described: value.described, regions: [region] });
    else group.regions.push(region);
  }
  if (groups.size < 2) return [];
  const parts = [...groups.values()].map((group) => `${group.described} in ${list(group.regions)}`);
  const message = `${label} stays different after everything has settled: ${parts.join(", but ")}.`;
  return [{ name: "divergence", message, events: [] }];
}
