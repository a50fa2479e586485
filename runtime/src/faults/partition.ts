import { cutting, linksBetween } from "./cutting.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";
import { checkedRegion } from "./parameters.js";

/**
 * Cuts every link between regions of different groups, both ways. Regions in no group stay connected to all. Messages
 * on a cut link are dropped, not queued.
 */
export function partition<const Region extends string>(
  groups: readonly (readonly Region[])[],
  window: FaultWindow = {},
): Fault {
  return { fault: "partition", groups: checkedGroups(groups), ...windowData("partition", window) };
}

/** Cuts one region off from all the others. */
export function isolate(region: string, window: FaultWindow = {}): Fault {
  return { fault: "isolate", region: checkedRegion("isolate", region), ...windowData("isolate", window) };
}

export const partitionKind: FaultKind = {
  name: "partition",
  parameters: ["groups"],
  bind: (fault, world) => {
    const groups = checkedGroups(fault["groups"]);
    const indices = groups.map((group) => group.map((name) => world.regionIndexOf(name)));
    const text = groups.map((group) => group.join(", ")).join(" │ ");
    return cutting("partition", text, world, linksBetween(indices));
  },
};

export const isolateKind: FaultKind = {
  name: "isolate",
  parameters: ["region"],
  bind: (fault, world) => {
    const region = checkedRegion("isolate", fault["region"]);
    const isolated = world.regionIndexOf(region);
    const others = world.regions.map((_, index) => index).filter((index) => index !== isolated);
    const names = others.map((index) => world.regions[index]?.name).join(", ");
    return cutting("isolate", `${region} │ ${names}`, world, linksBetween([[isolated], others]));
  },
};

function checkedGroups(groups: unknown): readonly (readonly string[])[] {
  const isList = Array.isArray(groups) && groups.length >= 2;
  if (!isList || !groups.every((group) => Array.isArray(group) && group.every((name) => typeof name === "string")))
    throw new RangeError(
      'partition: the groups are at least two lists of regions, such as [["nyc"], ["london", "tokyo"]].',
    );
  const names = (groups as string[][]).flat();
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`partition: "${twice}" stands in two groups.`);
  return groups as string[][];
}
