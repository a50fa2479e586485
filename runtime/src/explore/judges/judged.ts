import type { SimulatedDeployment } from "../../deployment/simulated/deployment.js";
import type { Domain } from "../../deployment/simulated/domain.js";
import type { Fault } from "../../faults/index.js";
import type { Machine } from "../../mechanisms/machine.js";
import type { Recorder } from "../recorder.js";

/** A run that has come to rest, as the judges look at it. */
export interface Judged {
  readonly deployment: SimulatedDeployment;
  readonly recorder: Recorder;
  /** What the nemesis was told to do. */
  readonly faults: readonly Fault[];
}

export function liveMachines(domain: Domain): readonly Machine<unknown>[] {
  return domain.machines.filter((machine) => machine !== undefined);
}
