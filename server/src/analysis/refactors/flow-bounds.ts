import { isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import { type StateEffect, stateOf } from "../states.js";
import type { ValueFlow } from "../value-flows.js";
import { valueFlowsOf } from "../view/value-flows.js";
import type { View } from "../view/view.js";

export interface FlowBounds {
  readonly floor: readonly Level[];
  readonly ceiling: readonly Level[];
}

/**
 * What a cell decides must not be stronger than the cell, nor what decides about it weaker, as far as that is so now.
 * Cells of `together` get the same level, so that nothing changes between them.
 */
export function flowBounds(view: View, cell: Cell, together: readonly Cell[], files: Iterable<string>): FlowBounds {
  const { level } = cell;
  if (level === undefined) return { floor: [], ceiling: [] };
  const floor: Level[] = [];
  const ceiling: Level[] = [];
  const isMoving = (effect: StateEffect): boolean => [cell, ...together].some((each) => isOn(effect, each));
  for (const file of files) {
    const tree = view.sources.x.documents.tree(file);
    for (const flow of tree === undefined ? [] : valueFlowsOf(view, tree)) {
      if (flow.from.kind !== "read" || flow.isValidated) continue;
      const read = flow.from.effect;
      for (const write of writesOf(flow)) {
        const writeLevel = stateOf(write).level;
        if (isOn(read, cell) && isOn(write, cell)) {
          floor.push(...raceFloor(flow, level));
          ceiling.push(...mergeCeiling(flow, level));
        }
        // A read that asks for a level of its own does not change with the cell.
        else if (isOn(read, cell) && !isMoving(write) && read.level === level) {
          if (isAtLeast(level, writeLevel)) floor.push(writeLevel);
        } else if (isOn(write, cell) && !isMoving(read) && isAtLeast(read.level, level)) ceiling.push(read.level);
      }
    }
  }
  return { floor, ceiling };
}

function writesOf({ to }: ValueFlow): readonly StateEffect[] {
  return to.kind === "write" ? [to.effect] : to.writes;
}

/** What was read decides what is written back: only a transaction that is checked at its commit makes that one. */
function raceFloor({ insideUpdate, within }: ValueFlow, level: Level): readonly Level[] {
  const isHeld = !insideUpdate && within !== undefined && within.transaction !== "never";
  return isHeld && isAtLeast(level, "sequential") ? ["sequential"] : [];
}

/** A merge function keeps both of two concurrent values; where writes have an order, the later one replaces the other. */
function mergeCeiling({ isMerged, within }: ValueFlow, level: Level): readonly Level[] {
  return isMerged && within?.transaction !== "always" && !isAtLeast(level, "sequential") ? ["causal"] : [];
}

function isOn(effect: StateEffect, cell: Cell): boolean {
  return "cell" in effect && nodeOf(effect.cell.site) === nodeOf(cell.site);
}
