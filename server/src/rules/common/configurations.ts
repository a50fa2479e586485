import { isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import type { Cell, FileModel, MechanismCall, Site } from "../../analysis/model.js";

/** A mechanism as it is configured in one place, with all that a file asks of it. */
export interface Configuration {
  readonly call: MechanismCall;
  /** The strongest level that is asked of it. */
  readonly level: Level;
  readonly cells: readonly Cell[];
  /** The call that configures it. */
  readonly at: Site;
}

/** Each mechanism that a file configures, whoever's cells it keeps: a constant that several of them share is one. */
export function configurationsOf({ file, cells, keptCells }: FileModel): readonly Configuration[] {
  const found = new Map<string, Configuration>();
  for (const cell of [...cells, ...keptCells]) {
    const { annotation } = cell;
    const call = annotation?.mechanism;
    if (annotation === undefined || call === undefined || call.site.file !== file) continue;
    const { line, column } = call.site.range.start;
    const known = found.get(`${line}:${column}`);
    const level = known !== undefined && isAtLeast(known.level, annotation.level) ? known.level : annotation.level;
    found.set(`${line}:${column}`, { call, level, cells: [...(known?.cells ?? []), cell], at: call.site });
  }
  return [...found.values()];
}

/** Failover is manual and fencing is on unless told; a level that promises nothing has nothing to lose. */
export function isUnfenced({ call, level }: Configuration): boolean {
  const { failover, fencing } = call.options;
  return call.name === "primaryReplica" && level !== "none" && failover === "automatic" && fencing === false;
}

/** A read may miss the last write, or a write another one, where one order was asked for. */
export function isIneffectiveQuorum({ call, level }: Configuration): boolean {
  const { n, r, w } = call.options;
  if (call.name !== "quorum" || !isAtLeast(level, "sequential")) return false;
  return typeof n === "number" && typeof r === "number" && typeof w === "number" && (r + w <= n || 2 * w <= n);
}
