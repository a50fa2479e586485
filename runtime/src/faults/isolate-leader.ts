import type { Disturbance } from "../simulation/nemesis.js";
import type { World } from "../simulation/world.js";
import { cutting, linksBetween } from "./cutting.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";

/**
 * Cuts off every region whose replica leads when the window opens: a leader of consensus, a primary. Each is alone then,
 * also apart from other leaders. Where nobody leads at that moment, nothing happens, and it does not count as fired.
 */
export function isolateLeader(window: FaultWindow = {}): Fault {
  return { fault: "isolateLeader", ...windowData("isolateLeader", window) };
}

export const isolateLeaderKind: FaultKind = {
  name: "isolateLeader",
  parameters: [],
  bind: (_fault, world) => {
    let isolation = isolationOf([], world);
    return {
      fault: "isolateLeader",
      get text() {
        return isolation.text;
      },
      begin: () => {
        const leading = new Set(world.leaders.map((node) => world.node(node).regionIndex));
        isolation = isolationOf([...leading], world);
        isolation.begin();
      },
      end: () => isolation.end(),
      hasFired: () => isolation.hasFired(),
    };
  },
};

function isolationOf(leaders: readonly number[], world: World): Disturbance {
  const followers = world.regions.map((_, index) => index).filter((index) => !leaders.includes(index));
  const groups = [...leaders.map((leader) => [leader]), followers].filter((group) => group.length > 0);
  const names = groups.map((group) => group.map((index) => world.regions[index]?.name).join(", "));
  const text = leaders.length === 0 ? "nobody leads" : names.join(" │ ");
  return cutting("isolateLeader", text, world, leaders.length === 0 ? [] : linksBetween(groups));
}
