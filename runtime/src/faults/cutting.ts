import type { Disturbance } from "../simulation/nemesis.js";
import type { World } from "../simulation/world.js";

/** One direction between two regions, by their indices. */
export type Link = readonly [from: number, to: number];

/** Cuts these links while it is active; it has fired when a message was dropped on one of them. */
export function cutting(fault: string, text: string, world: World, links: readonly Link[]): Disturbance {
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

/** Every link, both ways, between regions of different groups. */
export function linksBetween(groups: readonly (readonly number[])[]): readonly Link[] {
  const links: Link[] = [];
  for (const [i, group] of groups.entries())
    for (const [j, other] of groups.entries())
      if (i !== j) for (const from of group) for (const to of other) links.push([from, to]);
  return links;
}
