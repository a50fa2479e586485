import type { Disturbance } from "../simulation/nemesis.js";
import type { World } from "../simulation/world.js";
import { bridgeKind } from "./bridge.js";
import { clockDriftKind } from "./clock-drift.js";
import { clockSkewKind } from "./clock-skew.js";
import { crashKind } from "./crash.js";
import { cutKind } from "./cut.js";
import { delayKind } from "./delay.js";
import { duplicationKind } from "./duplication.js";
import type { Fault, FaultKind } from "./fault.js";
import { isolateLeaderKind } from "./isolate-leader.js";
import { lossKind } from "./loss.js";
import { isolateKind, partitionKind } from "./partition.js";
import { pauseKind } from "./pause.js";
import { promoteKind } from "./promote.js";
import { reorderingKind } from "./reordering.js";
import { slowRegionKind } from "./slow-region.js";

export { bridge } from "./bridge.js";
export { clockDrift } from "./clock-drift.js";
export { clockSkew } from "./clock-skew.js";
export { crash } from "./crash.js";
export { cut } from "./cut.js";
export { type DelayWindow, delay } from "./delay.js";
export { duplication } from "./duplication.js";
export type { Fault, FaultWindow } from "./fault.js";
export { isolateLeader } from "./isolate-leader.js";
export { loss } from "./loss.js";
export { drawOverlapping, type Exposure } from "./overlapping-faults.js";
export { isolate, partition } from "./partition.js";
export { pause } from "./pause.js";
export { promote } from "./promote.js";
export { drawFaults, type RandomFaults, randomFaults } from "./random-faults.js";
export { reordering } from "./reordering.js";
export { slowRegion } from "./slow-region.js";

const kinds: readonly FaultKind[] = [
  partitionKind,
  isolateKind,
  cutKind,
  bridgeKind,
  isolateLeaderKind,
  crashKind,
  pauseKind,
  clockSkewKind,
  clockDriftKind,
  lossKind,
  duplicationKind,
  reorderingKind,
  delayKind,
  slowRegionKind,
  promoteKind,
];
const byName: ReadonlyMap<string, FaultKind> = new Map(kinds.map((kind) => [kind.name, kind]));

/** Binds a fault to a world. Throws a RangeError for an unknown kind, an unknown region, an unknown or a wrong parameter. */
export function bindFault(fault: Fault, world: World): Disturbance {
  const kind = byName.get(fault.fault);
  if (kind === undefined)
    throw new RangeError(`There is no fault "${String(fault.fault)}": ${kinds.map((k) => k.name).join(", ")}.`);
  const known = ["fault", "fromMs", "untilMs", ...kind.parameters];
  const unknown = Object.keys(fault).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new RangeError(
      `${kind.name}: there is no "${unknown}" in such a fault. It has ${known.slice(1).join(", ")}.`,
    );
  return kind.bind(fault, world);
}
