import type { World } from "../simulation/world.js";
import { type Fault, type FaultKind, type FaultWindow, windowData } from "./fault.js";

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
  if (typeof region !== "string") throw new RangeError("isolate: the first argument is a region's name.");
  return { fault: "isolate", region, ...windowData("isolate", window) };
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
    const isolated = world.regionIndexOf(String(fault["region"]));
    const others = world.regions.map((_, index) => index).filter((index) => index !== isolated);
    const names = others.map((index) => world.regions[index]?.name).join(", ");
    return cutting("isolate", `${String(fault["region"])} │ ${names}`, world, linksBetween([[isolated], others]));
  },
};

type Link = readonly [from: number, to: number];

function cutting(fault: string, text: string, world: World, links: readonly Link[]) {
  const { network } = world;
  const drops = () => links.reduce((sum, [from, to]) => sum + network.dropsOn(from, to), 0);
  let dropsBefore = 0;
  return {
    fault,
    text,
    begin: () => {
      dropsBefore = drops();
      for (const [from, to] of links) network.cut(from, to, 1);
    },
    end: () => {
      for (const [from, to] of links) network.cut(from, to, -1);
    },
    hasFired: () => drops() > dropsBefore,
  };
}

function linksBetween(groups: readonly (readonly number[])[]): readonly Link[] {
  const links: Link[] = [];
  for (const [i, group] of groups.entries())
    for (const [j, other] of groups.entries())
      if (i !== j) for (const from of group) for (const to of other) links.push([from, to]);
  return links;
}

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
