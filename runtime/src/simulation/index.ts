/** The public entry `@faultline/runtime/simulation`: scenarios, faults, and running them. The kernel beside it knows neither. */
export type { CapacityOptions, NodeCapacity } from "../explore/capacity.js";
export type { Bounds } from "../explore/exhaustive/bounds.js";
export type { ExhaustiveReport } from "../explore/exhaustive/exhaustive-report.js";
export type { FaultChoice } from "../explore/explore.js";
export type { Figure, MeasureOptions } from "../explore/figures.js";
export {
  type ExhaustOptions,
  type ExploreInProcessOptions,
  exhaust,
  explore,
  holds,
  type InProcessOptions,
  simulate,
  type Target,
} from "../explore/in-process.js";
export {
  ExplorationError,
  type InProcessReport,
  type InProcessViolation,
  type ShrunkSchedule,
} from "../explore/in-process-report.js";
export type {
  ExploreReport,
  OperationStatistics,
  Outcome,
  SimulationResult,
  Violation,
  ViolationKind,
} from "../explore/report.js";
export {
  type ActiveFault,
  type FaultControl,
  type Scenario,
  type ScenarioContext,
  type ScenarioOptions,
  type Session,
  type SetupContext,
  scenario,
} from "../explore/scenario.js";
export type {
  MethodShape,
  ParameterShape,
  PropertyShape,
  ValueShape,
  WorkloadShape,
} from "../explore/workload/shape.js";
export type { Strategy } from "../explore/workload/strategies.js";
export { type TypedWorkload, typedWorkload } from "../explore/workload/untyped.js";
export { WorkloadError } from "../explore/workload/workload-error.js";
export {
  bridge,
  clockDrift,
  clockSkew,
  crash,
  cut,
  type DelayWindow,
  delay,
  duplication,
  type Fault,
  type FaultWindow,
  isolate,
  isolateLeader,
  loss,
  partition,
  pause,
  promote,
  type RandomFaults,
  randomFaults,
  reordering,
  slowRegion,
} from "../faults/index.js";
export type { Region } from "./network/regions.js";
export type { Site, Trace, TraceEvent } from "./trace.js";
