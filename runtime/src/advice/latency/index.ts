export { findRegion, type Region, regions } from "../../simulation/network/regions.js";
export { cloudRegions } from "./cloud-regions.js";
export { type DocumentDistance, documentDistances, documentNewYorkTokyoMs } from "./distances.js";
export {
  type Latency,
  type LatencyFloor,
  type LatencyStep,
  latencyFloor,
  latencyOver,
  type Place,
  placeOf,
} from "./latency-floor.js";
export { needsMajority, type OperationFloor, type OperationRequest, operationFloor } from "./operation-floor.js";
export { majorityOf, type QuorumRequest, type QuorumTrip, quorumTrip } from "./quorum-trip.js";
export { documentTerms, fibreOnly, type LatencyTerms, type Span, vacuumOnly } from "./terms.js";
