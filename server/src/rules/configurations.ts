import { isAtLeast, type Level } from "../../../runtime/src/levels.js";
import type { Cell, FileModel, MechanismCall, Site } from "../analysis/model.js";

/** A mechanism as it is configured in one place, with all that a file asks of it. */
export interface Configuration {
  readonly call: MechanismCall;
  /** The strongest level that is asked of it. */
  readonly level: Level;
  readonly cells: readonly Cell[];
  /** The call that configures it, or in its absence from this file the level that takes it, else the cell. */
  readonly at: Site;
}

/** Each mechanism that cells of the file are kept by: a constant that several of them share is one. */
export function configurationsOf({ file, cells }: FileModel): readonly Configuration[] {
  const found = new Map<string, Configuration>();
  for (const cell of cells) {
    const { annotation } = cell;
    const call = annotation?.mechanism;
    if (annotation === undefined || call === undefined) continue;
    const at = [call.site, annotation.site].find((site) => site.file === file) ?? cell.site;
    const { line, column } = at.range.start;
    const known = found.get(`${line}:${column}`);
    const level = known !== undefined && isAtLeast(known.level, annotation.level) ? known.level : annotation.level;
    found.set(`${line}:${column}`, { call, level, cells: [...(known?.cells ?? []), cell], at });
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
